import type { V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { allPools } from "../../stacks/metallb/resources/as-sections";
import { olderAnnotationPrefix, runningOf } from "../../stacks/metallb/release/running";
import { parseAddress } from "../../values/address-ranges";
import {
  ingressAddresses,
  isLoadBalancer,
  isMetallbs,
  otherAllocator,
  poolOfAddress,
  requestedPool,
  serviceName,
} from "../load-balancers";
import { classText } from "../metallb/load-balancer-class";
import { isOlder } from "../../values/versions";
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
  metallb: Pick<MetallbConfig, "version" | "loadBalancerClass">,
): OlderAnnotations[] {
  if (runningOf(metallb.version).annotationPrefix === olderAnnotationPrefix) return [];
  return services
    .filter((service) => isMetallbs(service, metallb))
    .map((service) => ({
      service: serviceName(service),
      annotations: Object.keys(service.metadata?.annotations ?? {})
        .filter((name) => name.startsWith(`${olderAnnotationPrefix}/`) && name !== ownAnnotation)
        .sort(),
    }))
    .filter(({ annotations }) => annotations.length > 0);
}

/** The MetalLB that runs, as far as it decides which Services it looks after. */
export interface RunningClass {
  readonly version: string;
  readonly loadBalancerClass?: string;
}

/** Whether the one that runs looks after a Service; those before 0.13 know no class. */
const isLookedAfter = (service: V1Service, { version, loadBalancerClass }: RunningClass): boolean =>
  isLoadBalancer(service) && (isOlder(version, "0.13.0") || service.spec?.loadBalancerClass === loadBalancerClass);

/** Services with addresses of the MetalLB that runs, which the declared one does not look after. */
export function silencedServices(
  services: readonly V1Service[],
  metallb: Pick<MetallbConfig, "pools" | "resourceObjects" | "version" | "loadBalancerClass">,
  running: RunningClass,
  nodes: readonly Pick<NodeConfig, "name" | "address">[] = [],
): LosingService[] {
  // What no pool holds is another program's where MetalLB knows no class, and a node's own is in any case.
  const isMetallbsOwn = (address: string) =>
    otherAllocator(address, nodes) === undefined &&
    !(isOlder(running.version, "0.13.0") && poolOfAddress(allPools(metallb), address) === undefined);
  return services
    .filter((service) => isLookedAfter(service, running) && !isMetallbs(service, metallb))
    .flatMap((service) =>
      ingressAddresses(service)
        .filter((address) => parseAddress(address) !== undefined && isMetallbsOwn(address))
        .map((address) => ({
          service: serviceName(service),
          address,
          why: `it is a Service ${classText(service.spec?.loadBalancerClass)}, declared are those ${classText(metallb.loadBalancerClass)}: nobody would announce it`,
        })),
    );
}

/** Services whose address no declared pool holds, or another one than they ask for; upstream: controller/service.go. */
export function losingServices(
  services: readonly V1Service[],
  metallb: Pick<MetallbConfig, "pools" | "resourceObjects" | "version" | "loadBalancerClass">,
  nodes: readonly Pick<NodeConfig, "name" | "address">[] = [],
): LosingService[] {
  return services
    .filter((service) => isMetallbs(service, metallb))
    .flatMap((service) => {
      const wanted = requestedPool(service);
      return ingressAddresses(service).flatMap((address) => {
        // A host name is nothing that MetalLB gives.
        if (parseAddress(address) === undefined) return [];
        const pool = poolOfAddress(allPools(metallb), address);
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
