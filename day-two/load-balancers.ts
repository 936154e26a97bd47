import type { V1Node, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { poolHas } from "../stacks/metallb/pools/pool-addresses";
import type { PoolConfig } from "../stacks/metallb/schema/pools";

// Services of type LoadBalancer, as every command looks at them.

export const isLoadBalancer = ({ spec }: V1Service): boolean => spec?.type === "LoadBalancer";

/** "default/web" */
export const serviceName = ({ metadata }: V1Service): string => `${metadata?.namespace}/${metadata?.name}`;

/** Every address of a Service, two in dual stack, in the order of its status; of a host name, which is none, the name. */
export const ingressAddresses = ({ status }: V1Service): string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);

/** The declared pool that MetalLB may have given an address from; none for a host name. */
export function poolOfAddress<Pool extends Pick<PoolConfig, "addresses" | "avoidBuggyIPs">>(
  pools: readonly Pool[],
  address: string,
): Pool | undefined {
  return pools.find((pool) => poolHas(pool, address));
}

/** The addresses that a node has inside the cluster, its InternalIPs. */
export const internalAddresses = (node: V1Node | undefined): string[] =>
  (node?.status?.addresses ?? []).filter(({ type }) => type === "InternalIP").map(({ address }) => address);
