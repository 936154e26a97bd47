import { diffExitCodes } from "../../cli/diff";
import { diffMarkdown, diffText } from "../../cli/diff-report";
import type { DiffReport, StackDiff } from "../../day-two/diff";
import { fault } from "../faults";

const none = { changes: [], consequences: [], nodes: [] };
const proof = ["the proof of kube-proxy runs again"];
const report: DiffReport = {
  cluster: "demo",
  status: "failed",
  stacks: [
    { stack: "nodes", status: "unchanged", ...none },
    {
      stack: "kube-proxy",
      status: "changes",
      changes: ["kube-proxy: mode changes from ipvs to nftables"],
      consequences: ["the restart of kube-proxy, node by node, runs again"],
      nodes: [
        { node: "node1", changes: proof },
        { node: "node2", changes: ["the proof of kube-proxy runs for the first time"] },
        { node: "node3", changes: proof },
      ],
      url: "https://tfe.example.com/app/acme/workspaces/demo-kube-proxy/runs/run-1",
    },
    { stack: "address-pools", status: "waits", ...none, waitsFor: ["kube-proxy"], error: "no matches for kind" },
    { stack: "metallb", status: "failed", ...none, error: "No pool holds\n- default/web @team <b> ```" },
  ],
  fingerprint: "f00d",
};

test(`${fault(190)}: for a person`, () => {
  expect(diffText(report)).toBe(`stack nodes          nothing
stack kube-proxy     5 changes
  kube-proxy: mode changes from ipvs to nftables
  and with that:
    the restart of kube-proxy, node by node, runs again
  node1, node3:
    the proof of kube-proxy runs again
  node2:
    the proof of kube-proxy runs for the first time
  https://tfe.example.com/app/acme/workspaces/demo-kube-proxy/runs/run-1
stack address-pools  waits for kube-proxy: planned when that is deployed
  no matches for kind
stack metallb        could not be planned
  No pool holds
  - default/web @team <b> \`\`\`
metallb could not be planned
Fingerprint: f00d
`);
});

test(`${fault(190)}: for a comment; what others wrote is text in it, and no mention, tag or end of its block`, () => {
  expect(diffMarkdown(report)).toBe(`### Cluster demo: metallb could not be planned

- **nodes**: nothing
- **kube-proxy**: 5 changes ([run](https://tfe.example.com/app/acme/workspaces/demo-kube-proxy/runs/run-1))
- **address-pools**: waits for kube-proxy: planned when that is deployed
- **metallb**: could not be planned

#### kube-proxy

\`\`\`text
kube-proxy: mode changes from ipvs to nftables
and with that:
  the restart of kube-proxy, node by node, runs again
node1, node3:
  the proof of kube-proxy runs again
node2:
  the proof of kube-proxy runs for the first time
\`\`\`

#### address-pools

\`\`\`text
no matches for kind
\`\`\`

#### metallb

\`\`\`\`text
No pool holds
- default/web @team <b> \`\`\`
\`\`\`\`

Fingerprint: \`f00d\`
`);
});

test.each([
  [[], "unchanged", "nothing would change"],
  [["changes"], "changes", "1 stack would change"],
  [["changes", "waits"], "waits", "2 stacks would change"],
] as const)("%j: %s, %s", (statuses, status, head) => {
  const stacks = statuses.map((one): StackDiff => ({ stack: "nodes", status: one, ...none }));
  expect(diffMarkdown({ ...report, status, stacks }).split("\n")[0]).toBe(`### Cluster demo: ${head}`);
});

describe("what is too long", () => {
  const changes = Array.from({ length: 5000 }, (_, index) => `line ${index} ${"x".repeat(500)}`);
  const huge = diffMarkdown({
    ...report,
    stacks: ["a", "b", "c"].map((stack) => ({ stack, status: "changes", ...none, changes, error: undefined })),
  });

  test(`${fault(190)}: is cut to what a comment can hold, and says so`, () => {
    expect(huge.length).toBeLessThanOrEqual(60_000);
    expect(huge.match(/^… and 4975 more lines, which the job's log has$/gm)).toHaveLength(3);
    expect(huge).toContain(`line 0 ${"x".repeat(393)}…\n`);
    expect(huge.match(/^```/gm)).toHaveLength(6);
  });

  test("so is an error", () => {
    const error = "y".repeat(40_000);
    const text = diffMarkdown({ ...report, stacks: [{ stack: "a", status: "failed", ...none, error }] });
    expect(text.length).toBeLessThan(2500);
  });

  test("of many nodes that get the same ten are named", () => {
    const nodes = Array.from({ length: 12 }, (_, index) => ({ node: `n${index}`, changes: proof }));
    const text = diffText({ ...report, stacks: [{ stack: "kube-proxy", status: "changes", ...none, nodes }] });
    expect(text).toContain(
      "  n0, n1, n2, n3, n4, n5, n6, n7, n8, n9 and 2 more nodes:\n    the proof of kube-proxy runs again\n",
    );
  });
});

test("exit 0 nothing, 2 changes, 1 what could not be planned", () => {
  expect(diffExitCodes).toEqual({ unchanged: 0, changes: 2, waits: 2, failed: 1 });
});
