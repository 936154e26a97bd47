import { fault } from "../../../faults";
import { bgpPool, peer, problemsOf } from "./newer-metallb";

// Upstream: checkFRRPeersCompatible of 0.16.2, whose nodes have labels. Here they have their names.

const named = (...names: string[]) => [
  { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: names }] },
];
const rack = (...racks: string[]) => [{ matchExpressions: [{ key: "rack", operator: "In", values: racks }] }];

const errorsOf = (version: string, ...peers: object[]) =>
  problemsOf({ version, bgpType: "frr", pools: [bgpPool], peers }).filter((text) => !text.startsWith("warning"));

const one = { ...peer, name: "a" };
const other = { ...peer, name: "b", peerAddress: "192.168.1.2" };

describe("Two FRR peers with MetalLB 0.16", () => {
  it.each<[string, object, object, string]>([
    [
      "a router id beside none, where one of the two is every node's",
      { ...one, routerID: "10.0.0.10" },
      { ...other, nodeSelectors: named("worker1") },
      "peers[1].routerID: given nothing; expected the router id of metallb.peers[0], 10.0.0.10: with bgpType: frr every peer of a node has the same; write the same routerID for every peer, or for none, or nodeSelectors that have no node in common",
    ],
    [
      "two AS numbers, where one of the two is every node's",
      one,
      { ...other, myASN: 64599, nodeSelectors: [{ matchLabels: { "kubernetes.io/hostname": "worker1" } }] },
      "peers[1].myASN: given 64599; expected the AS number of metallb.peers[0], 64500: with bgpType: frr every peer of a node and VRF has the same myASN; write the same myASN, or set another vrf, or nodeSelectors that have no node in common; from MetalLB 0.16.2 on localASN shows a router another one",
    ],
    [
      "one address, where both name the same node",
      { ...one, nodeSelectors: named("worker1") },
      { ...other, peerAddress: "192.168.1.1", nodeSelectors: named("master1", "worker1") },
      'peers[1].peerAddress: given "192.168.1.1"; expected an address that no other peer of the same VRF has on the same node: metallb.peers[0] has it too, which FRR does not do; remove one of the two, or set another vrf, or nodeSelectors that have no node in common',
    ],
  ])(`${fault(74)}: %s is refused`, (_title, a, b, expected) => {
    expect(errorsOf("0.16.2", a, b)).toStrictEqual([expected]);
  });

  const differs = (selectors: object[], others: object[]) =>
    errorsOf("0.16.2", { ...one, nodeSelectors: selectors }, { ...other, myASN: 64599, nodeSelectors: others }).length;

  it.each([
    ["every node, and a rack", [], rack("a")],
    ["an empty selector, and a rack", [{}], rack("a")],
    ["one rack", rack("a"), [{ matchLabels: { rack: "a" } }]],
    ["two racks, and one of them", rack("a", "b"), rack("b")],
    ["a rack, and a part of it", rack("a"), [{ matchLabels: { rack: "a", tier: "edge" } }]],
    ["racks of any name, and one", [{ matchExpressions: [{ key: "rack", operator: "Exists" }] }], rack("a")],
    [
      "all but one rack, and another",
      [{ matchExpressions: [{ key: "rack", operator: "NotIn", values: ["b"] }] }],
      rack("a"),
    ],
    [
      "all but one node, and another",
      [{ matchExpressions: [{ key: "kubernetes.io/hostname", operator: "NotIn", values: ["master1"] }] }],
      named("worker1"),
    ],
    [
      "the operating system of every node, and one",
      [{ matchLabels: { "kubernetes.io/os": "linux" } }],
      named("master1"),
    ],
  ])(`${fault(74)}: have a node in common by selectors of %s`, (_title, selectors, others) => {
    expect([differs(selectors, others), differs(others, selectors)]).toStrictEqual([1, 1]);
  });

  it.each([
    ["two nodes", named("master1"), named("worker1")],
    ["two racks", rack("a"), rack("b")],
    ["a rack, and a label of another kind", rack("a"), [{ matchLabels: { tier: "edge" } }]],
    [
      "a rack, and nodes without a rack",
      rack("a"),
      [{ matchExpressions: [{ key: "rack", operator: "DoesNotExist" }] }],
    ],
    ["every node, and one that there is not", [], named("worker9")],
  ])("may differ with selectors of %s", (_title, selectors, others) => {
    expect([differs(selectors, others), differs(others, selectors)]).toStrictEqual([0, 0]);
  });

  it("older versions compare them all", () => {
    expect(
      errorsOf(
        "0.15.3",
        { ...one, nodeSelectors: named("master1") },
        { ...other, myASN: 64599, nodeSelectors: named("worker1") },
      ),
    ).toHaveLength(1);
  });
});

describe("The ends of a session", () => {
  const problems = (version: string, ...peers: object[]) => errorsOf(version, ...peers);
  const unnumbered = { name: "tor", interface: "net0", dynamicASN: "external", myASN: 64500 };

  it("may be an interface, and an AS number that is found out", () => {
    expect(problems("0.15.2", unnumbered)).toStrictEqual([]);
    expect(problems("0.15.2", unnumbered, { ...unnumbered, name: "b", interface: "net1" })).toStrictEqual([]);
    expect(problems("0.14.9", { ...one, peerASN: undefined, dynamicASN: "internal" })).toStrictEqual([]);
  });

  it.each([
    [
      { name: "tor", myASN: 64500 },
      [
        "peers[0].peerAddress: given nothing; expected peerAddress, the router's address, or interface, the nodes' interface to it; write peerAddress",
        "peers[0].peerASN: given nothing; expected peerASN, the router's AS number, or dynamicASN, how it is found out; write peerASN",
      ],
    ],
    [
      { ...unnumbered, ...peer },
      [
        "peers[0].interface: given interface with peerAddress; expected peerAddress, the router's address, or interface, the nodes' interface to it: one of the two; remove one of them",
        "peers[0].dynamicASN: given dynamicASN with peerASN; expected peerASN, the router's AS number, or dynamicASN, how it is found out: one of the two; remove one of them",
      ],
    ],
    [
      { ...unnumbered, dynamicASN: "any" },
      [
        'peers[0].dynamicASN: given "any"; expected internal or external; write internal for a router of the same AS, external for one of another',
      ],
    ],
  ])("are one each of two: %j", (given, expected) => {
    expect(problems("0.15.2", given)).toStrictEqual(expected);
  });

  it(`${fault(74)}: are no two peers on one interface`, () => {
    expect(problems("0.16.2", unnumbered, { ...unnumbered, name: "b" })).toStrictEqual([
      'peers[1].interface: given "net0"; expected an interface that no other peer of the same VRF has on the same node: metallb.peers[0] has it too, which FRR does not do; remove one of the two, or set another vrf, or nodeSelectors that have no node in common',
    ]);
  });
});
