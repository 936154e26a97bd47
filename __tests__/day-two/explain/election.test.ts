import { electionKey, inElectionOrder } from "../../../day-two/explain/election";

// The orders are what ShouldAnnounce of upstream gave at the tags v0.9.6, v0.13.12, v0.14.9 and v0.15.2, run for each node in
// turn: who announces among five nodes, then among the four that are left, and so on. Those of 0.16.2, and with preferred
// nodes, are what its sortL2Candidates and preferredScoresFor gave. From 0.13.12 on all agree. The sources of 0.11.0 and
// 0.12.1 hash what those of 0.13.12 do.
const nodes = ["node1", "node2", "node3", "rack1.node2", "worker-3.example.org"];

it.each([
  ["default/web", "node3 node1 node2 rack1.node2 worker-3.example.org"],
  ["search/elasticsearch", "node1 rack1.node2 node3 node2 worker-3.example.org"],
  ["default/six", "node1 worker-3.example.org node2 rack1.node2 node3"],
])("MetalLB up to 0.10 goes by the Service: %s", (service, order) => {
  expect(inElectionOrder(nodes, electionKey("0.9.6", service, "192.168.1.240")).join(" ")).toBe(order);
});

it.each([
  ["192.168.1.240", "rack1.node2 node3 worker-3.example.org node1 node2"],
  ["192.168.1.241", "node1 rack1.node2 node3 worker-3.example.org node2"],
  ["2001:db8::f0", "node1 node2 rack1.node2 worker-3.example.org node3"],
  ["10.89.0.240", "node3 node1 rack1.node2 worker-3.example.org node2"],
])("later ones go by the Service's first address: %s", (address, order) => {
  for (const version of ["0.11.0", "0.12.1", "0.13.12", "0.14.9", "0.15.2", "0.16.2"] as const) {
    expect(inElectionOrder(nodes, electionKey(version, "default/web", address)).join(" ")).toBe(order);
  }
});

it("preferred nodes of 0.16 come first, the heaviest of them before the others", () => {
  const weights = new Map([
    ["node1", 50],
    ["node3", 60],
  ]);
  expect(inElectionOrder(nodes, "192.168.1.240", weights).join(" ")).toBe(
    "node3 node1 rack1.node2 worker-3.example.org node2",
  );
});
