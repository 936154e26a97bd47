import { isRange, parseCIDR } from "../../values/address-ranges";
import { isSince } from "../../values/versions";
import { excludedNodes, ingressAddresses, isLoadBalancer } from "../load-balancers";
import type { LiveCluster } from "./live-cluster";
import type { FoundMetallb } from "./metallb";
import { isControlPlane } from "./nodes";
import type { Mapping, Written } from "./note";
import { proposedRanges } from "./proposed-pool";

export interface PoolFacts {
  readonly podCIDR?: string;
  readonly serviceCIDR?: string;
  /** Addresses of the API server. */
  readonly reserved: readonly string[];
  /** The nodes' own. */
  readonly addresses: readonly string[];
}

/** The section with a pool to look at, where the cluster has none. */
export function withPools(
  { value, poolsAreKnown, running }: FoundMetallb,
  live: LiveCluster,
  facts: PoolFacts,
): Written<Mapping> {
  if (value["pools"] !== undefined || !poolsAreKnown) return { value, notes: [] };
  const texts = (network: string | undefined) => (network ?? "").split(",");
  const ranges = (network: string | undefined) =>
    texts(network)
      .map((text) => parseCIDR(text))
      .filter(isRange);
  const ofServices = live.services.filter(isLoadBalancer).flatMap(ingressAddresses);
  const families = new Set(ranges(facts.serviceCIDR).map(({ family }) => family));
  const addresses = proposedRanges({
    nodes: facts.addresses,
    taken: [...facts.reserved, ...ofServices, ...live.services.flatMap(({ spec }) => spec?.externalIPs ?? [])],
    networks: [...ranges(facts.podCIDR), ...ranges(facts.serviceCIDR)],
    families: families.size > 0 ? [...families] : [4],
  });
  // kubeadm excludes its control plane from load balancers: then no node would announce.
  const excluded = excludedNodes(live.nodes).length === live.nodes.length || live.nodes.every(isControlPlane);
  const announces = running === undefined && isSince(String(value["version"]), "0.14.9") && excluded;
  const path = ["metallb", "pools"];
  const text =
    addresses.length === 0
      ? "No pool is proposed: no node has an address. Write free addresses of the nodes' own network."
      : `PROPOSED, look at it: ${addresses.join(" and ")}. No node, Service or API server of this cluster has these addresses, but nobody else was asked. They have to be free, in the nodes' own subnet (taken for a /24, or a /64 of IPv6), and none that its DHCP server hands out.`;
  return {
    value: {
      ...value,
      ...(announces && { ignoreExcludeLB: true }),
      pools: [{ name: "default", protocol: "layer2", addresses }],
    },
    notes: [
      { path, text },
      ...(announces
        ? [
            {
              path: ["metallb", "ignoreExcludeLB"],
              text: "Every node is one that kubeadm excludes from load balancers: without this none would announce.",
              quiet: true,
            },
          ]
        : []),
    ],
  };
}
