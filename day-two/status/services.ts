import type { V1Node, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { allPools } from "../../stacks/metallb/resources/as-sections";
import type { ClusterConfig } from "../../cluster/schema";
import { protocolsOf } from "../../stacks/metallb/pools/protocols";
import type { Announcement, Announcements } from "./announcements";
import {
  excludedNodes,
  excludeLabel,
  ingressAddresses,
  isMetallbs,
  leavesOutExcluded,
  otherAllocator,
  withEveryAddress,
  poolOfAddress,
  serviceName,
} from "../load-balancers";

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
  { metallb, nodes: declared }: Pick<ClusterConfig, "metallb" | "nodes">,
  { announcements, nodes }: { readonly announcements: Announcements; readonly nodes: readonly V1Node[] },
) {
  const { found, complete } = announcements;
  const pools = allPools(metallb);
  const everyAddress = withEveryAddress(declared, nodes);
  const allExcluded = leavesOutExcluded(metallb) && nodes.length > 0 && excludedNodes(nodes).length === nodes.length;
  const status = services
    .filter((one) => isMetallbs(one, metallb))
    .flatMap((service): ServiceStatus[] => {
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
  const isLeftToOthers = (address: string) => {
    const pool = poolOfAddress(pools, address);
    return pool !== undefined && protocolsOf(pool).length === 0;
  };
  const notes = status.flatMap(({ name, address, pool, announcedBy }) => {
    if (address === undefined) return [];
    return [
      ...(pool === undefined
        ? [
            `Service ${name} has ${address}, which is in no declared pool${because(otherAllocator(address, everyAddress))}`,
          ]
        : []),
      ...(complete && announcedBy.length === 0 && !isLeftToOthers(address)
        ? [
            `Service ${name} has ${address}, and no node announces it: ${allExcluded ? `every node is excluded (labelled ${excludeLabel}): set metallb.ignoreExcludeLB: true, or take the label away` : "see whether it has ready endpoints"}`,
          ]
        : []),
    ];
  });
  return { status, notes };
}

const because = (other: ReturnType<typeof otherAllocator>): string =>
  other === undefined ? "" : `: ${other.why}; ${other.remedy}`;
