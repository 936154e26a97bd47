import { verifyText } from "../../cli/verify-report";
import type { Check } from "../../day-two/verify/check";
import { fault } from "../faults";

const passed = (id: string, place: string, text = `${place}: fine`): Check => ({ id, place, status: "passed", text });
const failed = (id: string, place: string, text: string, remedy?: string): Check =>
  remedy === undefined ? { id, place, status: "failed", text } : { id, place, status: "failed", text, remedy };
const skipped = (id: string, place: string, text: string): Check => ({ id, place, status: "skipped", text });

const textOf = (checks: readonly Check[], all = false) =>
  verifyText({ cluster: "lab", passed: false, checks }, { all });

it("with --all prints every check in a line, its remedy below, and the count", () => {
  const checks = [
    passed("node.ssh", "node1", "node1: answers over SSH at 10.0.0.1"),
    failed("node.module-ip_vs_wrr", "node2", "node2: module ip_vs_wrr is not loaded", "npx baremetal-lb heal"),
    skipped("trial.http", "a/trial", "10.0.0.240 was not asked:\nthis host is not on its network"),
  ];
  expect(textOf(checks, true)).toBe(`ok       node1: answers over SSH at 10.0.0.1
failed   node2: module ip_vs_wrr is not loaded
         to mend it: npx baremetal-lb heal
skipped  10.0.0.240 was not asked:
         this host is not on its network

Cluster lab: 3 checks, 1 ok, 1 failed, 1 skipped.
`);
});

describe("without --all", () => {
  const ofNode = (name: string) => [
    passed("node.ssh", name),
    ...Array.from({ length: 12 }, (_, index) => passed(`node.module-${index}`, name)),
  ];
  const ofCluster = (name: string) => [
    passed("kubernetes.node", name),
    passed("metallb.speaker", name, `speaker on ${name} is ready`),
    passed("metallb.memberlist", name, `speaker on ${name} counts 100 of 100 speakers as members`),
  ];

  it(`${fault(229)}: 100 nodes are 100 lines, and what failed of one is below it`, () => {
    const names = Array.from({ length: 100 }, (_, index) => `node${index + 1}`);
    const checks = [...names.flatMap(ofNode), ...names.flatMap(ofCluster)];
    expect(textOf(checks)).toBe(
      `${names.map((name) => `ok       ${name}: 16 checks\n`).join("")}
Cluster lab: 1600 checks, 1600 ok, 0 failed, 0 skipped; --all shows each.
`,
    );

    const heal = "npx baremetal-lb heal";
    const ill = [
      failed("node.module-a", "node2", "node2: module a is not loaded", heal),
      failed("node.file", "node2", "node2: the file b is missing:\nnobody knows why", heal),
      failed("metallb.speaker", "node2", "there is no speaker on node2", "see the taints"),
      failed("metallb.memberlist-key", "node2", "speaker on node2 started with another key"),
      skipped("metallb.excluded-node", "node2", "node2: announces nothing"),
      failed("node.module-a", "node3", "node3: module a is not loaded", heal),
    ];
    expect(
      textOf([...checks, ...ill])
        .split("\n")
        .slice(0, 12),
    ).toStrictEqual([
      "ok       node1: 16 checks",
      "failed   node2: 4 of 21 checks failed, 1 skipped",
      "         - module a is not loaded",
      "         - the file b is missing:",
      "           nobody knows why",
      "           to mend it: npx baremetal-lb heal",
      "         - there is no speaker on node2",
      "           to mend it: see the taints",
      "         - speaker on node2 started with another key",
      "failed   node3: module a is not loaded",
      "         to mend it: npx baremetal-lb heal",
      "ok       node4: 16 checks",
    ]);
  });

  it("what is skipped of a node is counted, and of other subjects said, 20 times at most", () => {
    const services = Array.from({ length: 23 }, (_, index) =>
      skipped("service.announced", `default/${index}`, `default/${index} is not announced`),
    );
    const checks = [
      ...ofNode("node1"),
      skipped("metallb.memberlist", "node1", "speaker on node1: its log is too short"),
      passed("service.address", "default/web"),
      ...services,
    ];
    expect(textOf(checks)).toBe(`ok       node1: 14 checks, 1 skipped
ok       Services: 24 checks, 23 skipped
${Array.from({ length: 20 }, (_, index) => `         - skipped: default/${index} is not announced\n`).join("")}         … and 3 more skipped

Cluster lab: 38 checks, 14 ok, 0 failed, 24 skipped; --all shows each.
`);
  });

  it("each other subject is a line, whatever its checks are called", () => {
    const checks = [
      ...ofNode("node1"),
      passed("kubernetes.api", "cluster"),
      failed(
        "kubernetes.undeclared-node",
        "node9",
        "node9: is a node of the cluster, and not in cluster.yaml",
        "add it",
      ),
      failed("node.ssh", "node1.a", "node1.a (10.0.0.1, port 22) did not answer within 10 s"),
      failed("node.ssh", "node8", "there is no agent"),
      skipped("kube-proxy.config", "kube-system/kube-proxy", "kube-proxy is not managed: it is k3s"),
      passed("metallb.namespace", "metallb-system"),
      failed("metallb.config-taken.controller", "node1", "controller on node1 has no configuration"),
      passed("metallb.config-taken.speaker", "node1"),
      passed("metallb.webhook", "metallb-webhook-configuration"),
      failed("metallb.undeclared", "metallb-system/ipaddresspools/other", "IPAddressPool other is not declared"),
      skipped("service.address", "cluster", "there is no LoadBalancer Service"),
      passed("trial.address", "baremetal-lb-verify-a/trial"),
      failed("trial.http", "baremetal-lb-verify-a/trial", "nobody answers"),
    ];
    expect(textOf(checks)).toBe(`ok       node1: 14 checks
ok       Kubernetes: 1 check
failed   node9: is a node of the cluster, and not in cluster.yaml
         to mend it: add it
failed   node1.a (10.0.0.1, port 22) did not answer within 10 s
failed   node8: there is no agent
skipped  kube-proxy is not managed: it is k3s
failed   MetalLB: 2 of 4 checks failed
         - controller on node1 has no configuration
         - IPAddressPool other is not declared
skipped  Services: there is no LoadBalancer Service
failed   trial Service: nobody answers

Cluster lab: 26 checks, 18 ok, 6 failed, 2 skipped; --all shows each.
`);
  });
});
