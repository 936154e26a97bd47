import { fault } from "../../../faults";
import { edited, problemsIn } from "../../../cluster/sample";

const worker = /\n {2}- name: worker1\n.*\n.*/;
const onlyControlPlane = (version: string, key = "") =>
  problemsIn(
    edited(['version: "1.18"', 'version: "1.30"'], ["  version: 0.9.5", `  version: ${version}${key}`]).replace(
      worker,
      "",
    ),
  );

describe("Nodes that are excluded from load balancers", () => {
  const warning =
    "cluster.yaml:8:1: warning: nodes: given 1 control-plane node, and no worker; expected a node that announces: kubeadm labels control-plane nodes node.kubernetes.io/exclude-from-external-load-balancers, and MetalLB from 0.14.2 on announces nothing from there, without a word; set metallb.ignoreExcludeLB: true; or, until kubeadm's next upgrade, remove the label with kubectl label node NODE node.kubernetes.io/exclude-from-external-load-balancers-";

  it.each([
    ["0.9.6", []],
    ["0.13.12", []],
    ["0.14.9", [warning]],
    ["0.15.2", [warning]],
    ["0.16.2", [warning]],
  ])(`${fault(70)}: where there are no others, MetalLB %s is right: %p`, (version, expected) => {
    expect(onlyControlPlane(version)).toStrictEqual(expected);
  });

  it("may announce all the same, by a key; with a worker there is one that announces", () => {
    expect(onlyControlPlane("0.15.2", "\n  ignoreExcludeLB: true")).toStrictEqual([]);
    expect(
      problemsIn(edited(['version: "1.18"', 'version: "1.30"'], ["version: 0.9.5", "version: 0.15.2"])),
    ).toStrictEqual([]);
  });
});

describe("Networks that kube-proxy leaves alone", () => {
  const excluding = (networks: string) => problemsIn(edited(["scheduler: rr", `excludeCIDRs: ${networks}`]));

  it(`${fault(73)}: a pool or the Services in one of them is named`, () => {
    const consequence =
      "and kube-proxy never removes the virtual server of a Service there that is gone; name the addresses alone whose virtual servers are another program's, such as keepalived's";
    expect(excluding("[192.168.1.7/24, 10.0.0.0/8, 172.16.0.0/12]")).toStrictEqual([
      `cluster.yaml:17:18: warning: kubeProxy.excludeCIDRs[0]: given "192.168.1.7/24"; expected a network without addresses of Services: it holds 192.168.1.240-192.168.1.250 of the pool default, ${consequence}`,
      `cluster.yaml:17:34: warning: kubeProxy.excludeCIDRs[1]: given "10.0.0.0/8"; expected a network without addresses of Services: it holds 10.96.0.0/12 of kubernetes.serviceCIDR, ${consequence}`,
    ]);
  });

  it("one beside them is right", () => {
    expect(excluding("[192.168.1.100/32]")).toStrictEqual([]);
  });
});

it.each([
  "jane.doe",
  "Administrator",
  "jane@corp.example.org",
  "CORP\\jane",
  "ops+lab",
  "svc$",
  "0day",
  "a".repeat(64),
])(`${fault(71)}: the user %s is taken`, (user) => {
  expect(problemsIn(edited(["user: ops", `user: '${user}'`]))).toStrictEqual([]);
});

it.each(["-oProxyCommand=x", "a b", "a;id", "$(id)", "a'b", "a/b", "", "jane\n"])("the user %j is refused", (user) => {
  expect(problemsIn(edited(["user: ops", `user: ${JSON.stringify(user)}`]))).toHaveLength(1);
});

it("a cluster of IPv6 alone is taken", () => {
  const text = edited(
    ["  context: admin", "  context: admin\n  podCIDR: fd00:10:244::/56\n  serviceCIDR: fd00:10:96::/112"],
    ["address: 192.168.1.10", "address: fd00:1::10"],
    ["address: 192.168.1.21", "address: fd00:1::21"],
    ["192.168.1.240-192.168.1.250", "fd00:1::100-fd00:1::1ff"],
  );
  expect(problemsIn(text)).toStrictEqual([]);
});
