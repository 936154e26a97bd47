import type { V1Node, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { allPools } from "../../stacks/metallb/resources/as-sections";
import { addressTexts, poolHas, poolSize } from "../../stacks/metallb/pools/pool-addresses";
import { protocolText } from "../../stacks/metallb/pools/protocols";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import { ingressAddresses, internalAddresses, isMetallbs, mayShare, serviceName } from "../load-balancers";

export interface PoolStatus extends Pick<PoolConfig, "name"> {
  /** Who announces it: "layer2", "layer2 and bgp", or "none". */
  readonly protocol: string;
  /** Its ranges, as cluster.yaml has them. */
  readonly addresses: readonly string[];
  /** How many addresses Services can have, have, and can still get; in decimal digits, as in `check --json`. */
  readonly size: string;
  readonly used: string;
  readonly free: string;
  /** Addresses that something else uses: "10.0.0.9 is node worker1's own address". */
  readonly conflicts: readonly string[];
}

/** How much of each declared pool is in use. */
export function poolStatus(
  metallb: Pick<MetallbConfig, "pools" | "resourceObjects" | "version" | "loadBalancerClass">,
  services: readonly V1Service[],
  nodes: readonly V1Node[],
): PoolStatus[] {
  const byAddress = new Map<string, V1Service[]>();
  for (const service of services.filter((one) => isMetallbs(one, metallb))) {
    for (const address of ingressAddresses(service)) {
      byAddress.set(address, [...(byAddress.get(address) ?? []), service]);
    }
  }
  return allPools(metallb).map((pool) => {
    const isIn = (address: string) => poolHas(pool, address);
    const used = [...byAddress].filter(([address]) => isIn(address));
    const ofNodes = nodes.flatMap((node) =>
      internalAddresses(node)
        .filter(isIn)
        .map((address) => `${address} is node ${node.metadata?.name}'s own address`),
    );
    const ofServices = used
      .filter(([, owners]) => !mayShare(owners))
      .map(
        ([address, owners]) =>
          `${address} is the address of ${owners.map(serviceName).join(" and ")}, which do not share it`,
      );
    const size = poolSize(pool);
    return {
      name: pool.name,
      protocol: protocolText(pool),
      addresses: addressTexts(pool),
      size: String(size),
      used: String(used.length),
      free: String(size - BigInt(used.length)),
      conflicts: [...ofNodes, ...ofServices],
    };
  });
}
