import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { poolHas } from "../../stacks/metallb/pools/pool-addresses";
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import type { Announcement, Announcements } from "./announcements";
import { addressOf, isLoadBalancer, nameOf } from "./service-names";

export interface ServiceStatus {
  /** "default/web" */
  readonly name: string;
  /** Absent while the Service waits for one. */
  readonly address?: string;
  /** "9200/TCP" */
  readonly ports: readonly string[];
  /** The pool that the address is of. */
  readonly pool?: string;
  readonly announcedBy: readonly Pick<Announcement, "node" | "protocol" | "since">[];
}

/** The Services of type LoadBalancer, and what is strange about them. */
export function serviceStatus(
  services: readonly V1Service[],
  pools: readonly PoolConfig[],
  { found, complete }: Announcements,
) {
  const status = services.filter(isLoadBalancer).map((service): ServiceStatus => {
    const name = nameOf(service);
    const address = addressOf(service);
    return {
      name,
      address,
      ports: (service.spec?.ports ?? []).map(({ port, protocol }) => `${port}/${protocol ?? "TCP"}`),
      pool: address === undefined ? undefined : pools.find((pool) => poolHas(pool, address))?.name,
      announcedBy: found
        .filter((one) => one.service === name && (one.address === undefined || one.address === address))
        .map(({ node, protocol, since }) => ({ node, protocol, since })),
    };
  });
  const notes = status.flatMap(({ name, address, pool, announcedBy }) => {
    if (address === undefined) return [];
    return [
      ...(pool === undefined ? [`Service ${name} has ${address}, which is in no declared pool`] : []),
      ...(complete && announcedBy.length === 0
        ? [`Service ${name} has ${address}, and no node announces it: see whether it has ready endpoints`]
        : []),
    ];
  });
  return { status, notes };
}
