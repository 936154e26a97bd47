import { fault } from "../../../faults";
import { bgpPool, peer, problemsOf } from "./newer-metallb";

const frr = { version: "0.15.2", bgpType: "frr" };
const dualStackPool = { ...bgpPool, addresses: ["203.0.113.0/24", "2001:db8:6::/64", "2001:db8:7::/64"] };
const ipv6Peer = { ...peer, peerAddress: "2001:db8::1" };

describe("A family of a pool that no BGP session carries", () => {
  const warning =
    'warning: metallb.pools[0].addresses[1]: given "2001:db8:6::/64" in the pool public; expected a session that carries IPv6: each peer that the pool is announced to has an IPv4 address, and from MetalLB 0.15 on a session carries routes of its own family only; add a peer with an IPv6 address, or set dualStackAddressFamily: true for one of them';

  it(`${fault(79)}: is named once`, () => {
    expect(problemsOf({ ...frr, pools: [dualStackPool], peers: [peer] })).toStrictEqual([warning]);
  });

  it.each([
    ["another peer has an address of it", { peers: [peer, ipv6Peer] }],
    ["a session carries both", { peers: [{ ...peer, dualStackAddressFamily: true }] }],
    ["sessions carried both before 0.15", { version: "0.14.9", peers: [peer] }],
  ])("is none where %s", (_title, metallb) => {
    expect(problemsOf({ ...frr, pools: [dualStackPool], ...metallb })).toStrictEqual([]);
  });

  it(`${fault(79)}: is looked for among those that the pool is announced to`, () => {
    const pools = [{ ...dualStackPool, bgpAdvertisements: [{ peers: ["tor"] }] }];
    const peers = [{ ...peer, name: "tor" }, ipv6Peer];
    expect(problemsOf({ ...frr, pools, peers })).toStrictEqual([warning]);
  });

  it(`${fault(79)}: MetalLB's own BGP has no IPv4 routes in a session over IPv6`, () => {
    expect(problemsOf({ version: "0.15.2", pools: [bgpPool], peers: [ipv6Peer] })).toStrictEqual([
      'warning: metallb.pools[0].addresses[0]: given "203.0.113.0/24" in the pool public; expected a session over IPv4: each peer that the pool is announced to has an IPv6 address, and MetalLB\'s own BGP has IPv4 next hops only; add a peer with an IPv4 address',
    ]);
  });
});

describe("A router that no node reaches", () => {
  const elsewhere = { ...peer, peerAddress: "10.0.0.1" };
  const found = (one: object, metallb: object = frr) => problemsOf({ ...metallb, pools: [bgpPool], peers: [one] });

  it(`${fault(79)}: FRR reaches a router of another AS on the nodes' own networks only`, () => {
    expect(found(elsewhere)).toStrictEqual([
      'warning: metallb.peers[0].peerAddress: given "10.0.0.1"; expected an address in the subnet of a node: none of those that connect to it is in the same /24, and FRR reaches a router of another AS on the nodes\' own networks only; set ebgpMultiHop: true if other routers are between them; leave it as it is if the nodes have another network too, or one wider than /24',
    ]);
  });

  it.each([
    ["has other hops in between", { ...elsewhere, ebgpMultiHop: true }],
    ["is in a VRF, whose networks are not known", { ...elsewhere, vrf: "red" }],
    ["is of the same AS", { ...elsewhere, myASN: 64501 }],
    [
      "has an address of a family that no node is listed with",
      { ...elsewhere, peerAddress: "2001:db8::1", dualStackAddressFamily: true },
    ],
  ])("is none that %s", (_title, one) => {
    expect(found(one)).toStrictEqual([]);
  });

  it("is none without FRR, which sets no limit of hops", () => {
    expect(found(elsewhere, { version: "0.15.2" })).toStrictEqual([]);
  });
});

describe("A selector of nodes by name", () => {
  const selects = (...names: string[]) => ({
    matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: names }],
  });
  const text = (place: string) =>
    `warning: metallb.${place}: given a selector that selects no node; expected one that selects a node of cluster.yaml (master1, worker1); write a node's name as kubectl get nodes shows it, or add the node to nodes`;

  it(`${fault(79)}: that selects no declared node is named, wherever it stands`, () => {
    const wrong = { matchLabels: { "kubernetes.io/hostname": "worker9" } };
    const pools = [
      {
        name: "a",
        addresses: ["192.168.1.240/29"],
        l2Advertisements: [{ nodeSelectors: [wrong], preferredNodeSelectors: [{ weight: 1, preference: wrong }] }],
      },
      { ...bgpPool, bgpAdvertisements: [{ nodeSelectors: [selects("worker1"), selects("worker8", "worker9")] }] },
    ];
    expect(problemsOf({ version: "0.16.2", pools, peers: [{ ...peer, nodeSelectors: [wrong] }] })).toStrictEqual([
      text("pools[0].l2Advertisements[0].nodeSelectors[0]"),
      text("pools[0].l2Advertisements[0].preferredNodeSelectors[0].preference"),
      text("pools[1].bgpAdvertisements[0].nodeSelectors[1]"),
      text("peers[0].nodeSelectors[0]"),
    ]);
  });

  it.each([
    ["names a declared node", selects("worker1", "worker9")],
    ["hangs on other labels", { matchLabels: { rack: "a" } }],
    [
      "excludes a node that there is not",
      { matchExpressions: [{ key: "kubernetes.io/hostname", operator: "NotIn", values: ["worker9"] }] },
    ],
  ])("is right where it %s", (_title, selector) => {
    expect(
      problemsOf({ version: "0.16.2", pools: [bgpPool], peers: [{ ...peer, nodeSelectors: [selector] }] }),
    ).toStrictEqual([]);
  });
});
