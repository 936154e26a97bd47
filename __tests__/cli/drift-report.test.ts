import { driftExitCodes } from "../../cli/drift";
import { driftMarkdown, driftText } from "../../cli/drift-report";
import type { DriftReport } from "../../day-two/drift";
import { fault } from "../faults";

const drifted: DriftReport = {
  cluster: "demo",
  status: "drifted",
  stacks: [
    { stack: "nodes", status: "in-sync", differences: [] },
    { stack: "kube-proxy", status: "drifted", differences: ["kube-proxy: mode is iptables, declared ipvs"] },
    { stack: "metallb", status: "failed", differences: [], error: "first line\nsecond | line" },
  ],
  nodes: [
    { node: "node1", status: "in-sync", differences: [] },
    { node: "node2", status: "drifted", differences: [{ stack: "nodes", text: "module ip_vs_wrr is not loaded" }] },
  ],
};

test("for a person: each stack, each node that differs, and how to go on", () => {
  expect(driftText(drifted)).toBe(`stack nodes       as declared
stack kube-proxy  drifted
  - kube-proxy: mode is iptables, declared ipvs
stack metallb     could not be found out
  - first line
    second | line
node node2        drifted
  - module ip_vs_wrr is not loaded
1 of 2 nodes as declared
Drift. To repair it: npx baremetal-lb heal
`);
});

test(`${fault(42)}: for a job summary of GitHub Actions`, () => {
  expect(driftMarkdown(drifted)).toBe(`### Cluster demo: drifted

| | | |
| --- | --- | --- |
| stack nodes | as declared |  |
| stack kube-proxy | drifted | kube-proxy: mode is iptables, declared ipvs |
| stack metallb | could not be found out | first line<br>second \\| line |
| node node2 | drifted | module ip_vs_wrr is not loaded |

1 of 2 nodes as declared
`);
});

test(`${fault(42)}: exit 0 none, 2 drift, 1 error`, () => {
  expect(driftExitCodes).toEqual({ "in-sync": 0, drifted: 2, "not-deployed": 2, failed: 1 });
});

test.each([
  ["in-sync", "No drift."],
  ["not-deployed", "Nothing is deployed yet: npx cdktf deploy '*'"],
  ["failed", "Not everything could be found out."],
] as const)("%s ends with what to do", (status, line) => {
  expect(
    driftText({ ...drifted, status })
      .trimEnd()
      .split("\n")
      .at(-1),
  ).toBe(line);
});

test("where no stack is deployed and yet a node is as declared, states may be lost, and heal is not the way", () => {
  const stacks = ["nodes", "kube-proxy", "metallb"].map((stack) => ({
    stack,
    status: "not-deployed" as const,
    differences: ["the stack is not deployed"],
  }));
  expect(driftText({ ...drifted, stacks })).toBe(`stack nodes       not deployed
stack kube-proxy  not deployed
stack metallb     not deployed
node node2        drifted
  - module ip_vs_wrr is not loaded
1 of 2 nodes as declared
No stack is deployed by its state, and yet nodes are as declared. Where the states were lost: npx baremetal-lb adopt. Otherwise: npx cdktf deploy '*'
`);
});
