import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import type { Announcement, Announcements } from "./announcements";
import { ingressAddresses, isLoadBalancer, poolOfAddress, serviceName } from "../load-balancers";

/** One address of a Service of type LoadBalancer: in dual stack a Service has two, and two of these. */
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
  const status = services.filter(isLoadBalancer).flatMap((service): ServiceStatus[] => {
    const name = serviceName(service);
    const ports = (service.spec?.ports ?? []).map(({ port, protocol }) => `${port}/${protocol ?? "TCP"}`);
    const addresses = ingressAddresses(service);
    if (addresses.length === 0) return [{ name, ports, announcedBy: [] }];
    return addresses.map((address) => ({
      name,
      address,
      ports,
      pool: poolOfAddress(pools, address)?.name,
      announcedBy: found
        .filter((one) => one.service === name && (one.address === undefined || one.address === address))
        .map(({ node, protocol, since }) => ({ node, protocol, since })),
    }));
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
