import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { olderAnnotationPrefix, runningOf } from "../../stacks/metallb/release/running";
import { parseAddress } from "../../values/address-ranges";
import { ingressAddresses, isMetallbs, otherAllocator, poolOfAddress, serviceName } from "../load-balancers";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";

/** A Service that would lose an address, and why. */
export interface LosingService {
  /** "default/web" */
  readonly service: string;
  readonly address: string;
  readonly why: string;
}

/** A Service with annotations whose prefix is deprecated. */
export interface OlderAnnotations {
  readonly service: string;
  readonly annotations: readonly string[];
}

/** What MetalLB itself writes, not the user. */
const ownAnnotation = `${olderAnnotationPrefix}/ip-allocated-from-pool`;

/** Services whose annotations the version still reads, though it has another prefix for them. */
export function olderAnnotations(
  services: readonly V1Service[],
  { version }: Pick<MetallbConfig, "version">,
): OlderAnnotations[] {
  if (runningOf(version).annotationPrefix === olderAnnotationPrefix) return [];
  return services
    .filter((service) => isMetallbs(service, version))
    .map((service) => ({
      service: serviceName(service),
      annotations: Object.keys(service.metadata?.annotations ?? {})
        .filter((name) => name.startsWith(`${olderAnnotationPrefix}/`) && name !== ownAnnotation)
        .sort(),
    }))
    .filter(({ annotations }) => annotations.length > 0);
}

/** Services whose address no declared pool holds, or another one than they ask for; upstream: controller/service.go. */
export function losingServices(
  services: readonly V1Service[],
  { pools, version }: Pick<MetallbConfig, "pools" | "version">,
  nodes: readonly Pick<NodeConfig, "name" | "address">[] = [],
): LosingService[] {
  return services
    .filter((service) => isMetallbs(service, version))
    .flatMap((service) => {
      const annotations = service.metadata?.annotations ?? {};
      const wanted = ["metallb.io", olderAnnotationPrefix]
        .map((prefix) => annotations[`${prefix}/address-pool`])
        .find((pool) => pool !== undefined);
      return ingressAddresses(service).flatMap((address) => {
        // A host name is nothing that MetalLB gives.
        if (parseAddress(address) === undefined) return [];
        const pool = poolOfAddress(pools, address);
        const losing = (why: string) => [{ service: serviceName(service), address, why }];
        if (pool === undefined) {
          const other = otherAllocator(address, nodes);
          return losing(other === undefined ? "no pool of cluster.yaml holds it" : `${other.why}: ${other.remedy}`);
        }
        return wanted && wanted !== pool.name
          ? losing(`it is of the pool ${pool.name}, and the Service asks for the pool ${wanted}`)
          : [];
      });
    });
}
