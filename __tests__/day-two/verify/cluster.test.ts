import { verifyCluster } from "../../../day-two/verify/cluster";
import { clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { ApiServer } from "../../remote/kubernetes/api-server";
import { configFor, daemonSet, node, paths } from "./healthy-cluster";
import { checksOf, notPassed } from "./looked-at";

const heal = "npx baremetal-lb heal";

it("a healthy cluster passes every check", async () => {
  const checks = await checksOf();
  expect(checks.map(({ id, place, status, text }) => `${status} ${id} ${place} | ${text}`)).toStrictEqual([
    "passed kubernetes.api cluster | the Kubernetes API answers, version v1.35.4",
    "passed kubernetes.node node1 | node1: is Ready in Kubernetes, at 192.168.1.10",
    "passed kubernetes.node node2 | node2: is Ready in Kubernetes, at 192.168.1.11",
    "passed kube-proxy.config.mode kube-system/kube-proxy | ConfigMap kube-system/kube-proxy has mode ipvs",
    "passed kube-proxy.config.strictARP kube-system/kube-proxy | ConfigMap kube-system/kube-proxy has strictARP true",
    "passed kube-proxy.config.scheduler kube-system/kube-proxy | ConfigMap kube-system/kube-proxy has scheduler rr",
    "passed kube-proxy.rollout kube-system/kube-proxy | DaemonSet kube-system/kube-proxy is rolled out, 2 of 2 pods are available",
    "passed metallb.namespace metallb-system | namespace metallb-system exists",
    "passed metallb.controller metallb-system/controller | the controller is ready, with the image docker.io/metallb/controller:v0.9.6",
    "passed metallb.speakers metallb-system/speaker | DaemonSet metallb-system/speaker is rolled out, 2 of 2 speakers are available",
    "passed metallb.speaker node1 | speaker on node1 is ready, with the image docker.io/metallb/speaker:v0.9.6",
    "passed metallb.speaker node2 | speaker on node2 is ready, with the image docker.io/metallb/speaker:v0.9.6",
    "passed metallb.memberlist-secret metallb-system/memberlist | Secret metallb-system/memberlist has the key secretkey",
    "passed metallb.config metallb-system/config | ConfigMap metallb-system/config is as declared: default (layer2, 192.168.1.240-192.168.1.250)",
    "passed metallb.config-taken.controller node2 | controller on node2 has taken the configuration",
    "passed metallb.config-taken.speaker node1 | speaker on node1 has taken the configuration",
    "passed metallb.config-taken.speaker node2 | speaker on node2 has taken the configuration",
    "passed metallb.memberlist node1 | speaker on node1 counts 2 of 2 speakers as members",
    "passed metallb.memberlist node2 | speaker on node2 counts 2 of 2 speakers as members",
    "passed service.address default/web | Service default/web has 192.168.1.240, of the pool default",
    "passed service.announced default/web | node1 announces 192.168.1.240 of Service default/web (layer2)",
  ]);
});

it(`${fault(196)}: speakers without a memberlist are not asked who is in it`, async () => {
  const checks = await checksOf(
    {},
    { metallb: { ...clusterInput.metallb, speaker: { memberlist: { enabled: false } } } },
  );
  expect(checks.length).toBeGreaterThan(10);
  expect(checks.filter(({ id }) => id === "metallb.memberlist")).toStrictEqual([]);
});

it("an API that does not answer is one failed check", async () => {
  const server = await ApiServer.start();
  await server.stop();
  const { checks, api } = await verifyCluster(configFor(server.kubeconfig), { home: "", environment: {} });
  expect(api).toBeUndefined();
  expect(checks).toStrictEqual([
    {
      id: "kubernetes.api",
      place: "cluster",
      status: "failed",
      text: `the kubeconfig ${server.kubeconfig} does not exist: set kubernetes.kubeconfig in cluster.yaml`,
    },
  ]);
});

it("one part that cannot be read is a failed check of that part, and the others go on", async () => {
  const checks = await checksOf({ [paths.nodes]: undefined });
  expect(checks.filter(({ status }) => status !== "passed")).toStrictEqual([
    {
      id: "kubernetes.node",
      place: "cluster",
      status: "failed",
      text: "cluster cannot be looked at: the Kubernetes API answers 404: /api/v1/nodes not found",
    },
  ]);
  expect(checks).toHaveLength(20);
});

describe("a node", () => {
  it("that Kubernetes does not have, or has elsewhere, or that nobody declared", async () => {
    const items = [node("node1", "10.0.0.1"), node("node3", "192.168.1.12")];
    expect(await notPassed({ [paths.nodes]: { items } })).toStrictEqual([
      {
        id: "kubernetes.node",
        place: "node1",
        status: "failed",
        text: "node1: Kubernetes has it at 10.0.0.1, cluster.yaml at 192.168.1.10",
        remedy: "correct cluster.yaml, or the kubelet's --node-ip",
      },
      {
        id: "kubernetes.node",
        place: "node2",
        status: "failed",
        text: "node2: Kubernetes has no node of this name, it has node1 and node3",
        remedy: "correct cluster.yaml",
      },
      {
        id: "kubernetes.undeclared-node",
        place: "node3",
        status: "failed",
        text: "node3: is a node of the cluster, and not in cluster.yaml",
        remedy: "add it to nodes in cluster.yaml, then npx cdktf deploy nodes",
      },
    ]);
  });

  it("that is not Ready", async () => {
    const items = [node("node1", "192.168.1.10"), node("node2", "192.168.1.11", "Unknown")];
    expect(await notPassed({ [paths.nodes]: { items } })).toStrictEqual([
      {
        id: "kubernetes.node",
        place: "node2",
        status: "failed",
        text: "node2: is not Ready in Kubernetes: Kubelet stopped posting node status.",
        remedy: "see the kubelet's log on node2",
      },
    ]);
  });
});

describe("kube-proxy", () => {
  const place = "kube-system/kube-proxy";

  it("whose ConfigMap has other settings", async () => {
    const text = 'mode: ""\nipvs:\n  strictARP: false\n  scheduler: sh\n';
    expect(await notPassed({ [paths.kubeProxyConfig]: { data: { "config.conf": text } } })).toStrictEqual(
      ["mode iptables, declared ipvs", "strictARP false, declared true", "scheduler sh, declared rr"].map((found) => ({
        id: `kube-proxy.config.${found.split(" ")[0]}`,
        place,
        status: "failed",
        text: `ConfigMap ${place} has ${found}`,
        remedy: heal,
      })),
    );
  });

  it(`${fault(142)}: whose ConfigMap has true in quotes, which kube-proxy does not take`, async () => {
    const text = 'mode: ipvs\nipvs:\n  strictARP: "true"\n';
    expect(
      (await notPassed({ [paths.kubeProxyConfig]: { data: { "config.conf": text } } })).map((one) => one.text),
    ).toStrictEqual(['ConfigMap kube-system/kube-proxy has strictARP "true", declared true']);
  });

  it("in another mode, of which nothing but the mode is asked", async () => {
    const found = await notPassed({}, { kubeProxy: { mode: "nftables" } });
    expect(found.map(({ id, text }) => `${id}: ${text}`)).toStrictEqual([
      "kube-proxy.config.mode: ConfigMap kube-system/kube-proxy has mode ipvs, declared nftables",
    ]);
  });

  it("that is not managed, of which nothing is asked, there or not", async () => {
    const missing = { [paths.kubeProxyConfig]: undefined };
    expect(await notPassed(missing, { kubeProxy: "unmanaged" })).toStrictEqual([
      {
        id: "kube-proxy.config",
        place,
        status: "skipped",
        text: "kube-proxy is not managed: kubeProxy is unmanaged in cluster.yaml",
      },
    ]);
  });

  it.each([
    [undefined, "does not exist"],
    [{ data: {} }, "has no key config.conf"],
  ])("whose ConfigMap is %p", async (configMap, found) => {
    const texts = (await notPassed({ [paths.kubeProxyConfig]: configMap })).map(({ text }) => text);
    expect(texts).toStrictEqual([`ConfigMap ${place} ${found}`]);
  });

  it("whose DaemonSet is not rolled out, with the pod that is to blame", async () => {
    const waiting = { reason: "CrashLoopBackOff", message: "back-off 10s" };
    const crashing = {
      spec: { nodeName: "node2" },
      status: { phase: "Running", containerStatuses: [{ state: { waiting } }] },
    };
    const changes = {
      [paths.kubeProxy]: daemonSet("kube-proxy", "x", 2, 1),
      [paths.kubeProxyPods]: { items: [crashing] },
    };
    expect((await notPassed(changes)).map(({ id, text }) => [id, text])).toStrictEqual([
      ["kube-proxy.rollout", `DaemonSet ${place}: 1 of 2 pods are available; on node2: CrashLoopBackOff: back-off 10s`],
    ]);
  });
});
