import { declaredPools, poolsIn } from "../../../day-two/metallb/live-pools";
import { cluster, clusterInput } from "../../cluster-fixture";

const named = (name: string, spec: object, labels?: Record<string, string>) => ({
  metadata: { name, labels },
  spec: spec as Record<string, unknown>,
});
const everywhere = { nodeSelectors: [], serviceSelectors: [], interfaces: [], preferences: [] };

it("reads the pools of 0.13 and later, each with what announces it", () => {
  const rack = { matchLabels: { rack: "a" } };
  const { pools, peers } = poolsIn({
    resources: {
      ipaddresspools: [
        named("plain", { addresses: ["10.0.0.1 - 10.0.0.2", "10.0.1.7/24", "nonsense"] }),
        named(
          "gold",
          {
            addresses: ["fd00::/120"],
            autoAssign: false,
            avoidBuggyIPs: true,
            serviceAllocation: { namespaces: ["shop"] },
          },
          { class: "gold" },
        ),
      ],
      l2advertisements: [
        named("all", {}),
        named("by-name", {
          ipAddressPools: ["plain"],
          interfaces: ["eth0"],
          nodeSelectors: [rack],
          serviceSelectors: [rack],
        }),
        named("by-label", {
          ipAddressPoolSelectors: [{ matchLabels: { class: "gold" } }],
          preferredNodeSelectors: [{ weight: 5, preference: rack }],
        }),
      ],
      bgpadvertisements: [named("routed", { ipAddressPools: ["gold"] })],
      bgppeers: [named("router", { nodeSelectors: [rack] }), named("other", {})],
    },
  });
  expect(
    pools.map(({ addresses, ...pool }) => ({ ...pool, addresses: addresses.map(({ text }) => text) })),
  ).toStrictEqual([
    {
      name: "plain",
      autoAssign: true,
      avoidBuggyIPs: false,
      announcements: [
        { protocol: "layer2", subject: "L2Advertisement all", ...everywhere },
        {
          protocol: "layer2",
          subject: "L2Advertisement by-name",
          ...everywhere,
          nodeSelectors: [rack],
          serviceSelectors: [rack],
          interfaces: ["eth0"],
        },
      ],
      addresses: ["10.0.0.1-10.0.0.2", "10.0.1.7/24"],
    },
    {
      name: "gold",
      autoAssign: false,
      avoidBuggyIPs: true,
      allocation: { namespaces: ["shop"], namespaceSelectors: [], serviceSelectors: [] },
      announcements: [
        { protocol: "layer2", subject: "L2Advertisement all", ...everywhere },
        {
          protocol: "layer2",
          subject: "L2Advertisement by-label",
          ...everywhere,
          preferences: [{ weight: 5, preference: rack }],
        },
        { protocol: "bgp", subject: "BGPAdvertisement routed", ...everywhere },
      ],
      addresses: ["fd00::/120"],
    },
  ]);
  expect(peers).toStrictEqual([
    { name: "router", nodeSelectors: [rack] },
    { name: "other", nodeSelectors: [] },
  ]);
});

it("reads the ConfigMap of 0.9, and nothing out of one that MetalLB cannot read", () => {
  const config = `peers:
- peer-address: 10.0.0.1
  node-selectors:
  - match-labels: {rack: a}
address-pools:
- {name: a, protocol: layer2, addresses: [10.0.0.0/30], auto-assign: false}
- {name: b, protocol: bgp, addresses: [10.0.1.0/30], avoid-buggy-ips: true}
`;
  const { pools, peers } = poolsIn({ configMap: { data: { config } } });
  expect(
    pools.map(({ addresses, ...pool }) => ({ ...pool, addresses: addresses.map(({ text }) => text) })),
  ).toStrictEqual([
    {
      name: "a",
      autoAssign: false,
      avoidBuggyIPs: false,
      announcements: [{ protocol: "layer2", subject: "protocol layer2", ...everywhere }],
      addresses: ["10.0.0.0/30"],
    },
    {
      name: "b",
      autoAssign: true,
      avoidBuggyIPs: true,
      announcements: [{ protocol: "bgp", subject: "protocol bgp", ...everywhere }],
      addresses: ["10.0.1.0/30"],
    },
  ]);
  expect(peers).toStrictEqual([
    { name: "10.0.0.1", nodeSelectors: [{ matchLabels: { rack: "a" }, matchExpressions: undefined }] },
  ]);
  for (const configMap of [undefined, {}, { data: { config: "a: [" } }]) {
    expect(poolsIn({ configMap })).toStrictEqual({ pools: [], peers: [] });
  }
});

it.each(["0.9.6", "0.15.2"])("takes what is declared for what is there, with MetalLB %s", (version) => {
  const { metallb } = cluster({ metallb: { ...clusterInput.metallb, version } });
  const { pools, peers } = declaredPools(metallb);
  expect(pools.map(({ name, announcements }) => [name, announcements.map(({ protocol }) => protocol)])).toStrictEqual([
    ["default", ["layer2"]],
  ]);
  expect(peers).toStrictEqual([]);
});
