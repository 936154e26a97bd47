import { quoted } from "../../shared/terraform-text";
import type { NodeConfig } from "../../shared/schema/nodes";
import type { PoolConfig } from "../schema/pools";

// Terraform expressions, without `${}`, over the addresses of pools and Services. Numbers stand in them as digits:
// Terraform computes with 512 bits, JSON's numbers have 53, and an IPv6 address has 128.

/** The ranges of the pools as a list of objects. */
export function poolRanges(pools: readonly Pick<PoolConfig, "addresses" | "avoidBuggyIPs">[]): string {
  const ranges = pools.flatMap(({ addresses, avoidBuggyIPs }) =>
    addresses.map(({ family, first, last }) => {
      // Only an IPv4 address can be buggy; upstream: ipConfusesBuggyFirmwares in internal/allocator.
      const skipsBuggy = avoidBuggyIPs && family === 4;
      return `{ ipv6 = ${family === 6}, first = ${first}, last = ${last}, skips_buggy = ${skipsBuggy} }`;
    }),
  );
  return `[${ranges.join(", ")}]`;
}

/**
 * Whether `service` has the class that a MetalLB looks after, none where it has none; upstream: filterByLoadBalancerClass
 * in internal/k8s/controllers/service_controller.go, from 0.13 on.
 */
export const hasClass = (loadBalancerClass: string | undefined): string =>
  loadBalancerClass === undefined
    ? "try(length(service.spec.loadBalancerClass), 0) == 0"
    : `try(service.spec.loadBalancerClass == ${quoted(loadBalancerClass)}, false)`;

/** The class of `service`; "" for none, which is null or not there. */
export const classOfService = 'try(coalesce(service.spec.loadBalancerClass), "")';

/**
 * The addresses that Services of type LoadBalancer have, as a list of objects. A host name is no address.
 * @param which is a condition on `service`. @default every Service
 */
export const assignedAddresses = (services: string, which?: string): string =>
  // An absent list is null; flatten makes a list of it whose one element has no address.
  `flatten([for service in ${services} : [` +
  `for ingress in flatten([try(service.status.loadBalancer.ingress, null)]) : {` +
  ` service = "\${service.metadata.namespace}/\${service.metadata.name}", address = ingress.ip,` +
  ` ipv6 = ${isIPv6("ingress.ip")}, number = ${numberOf("ingress.ip")} }` +
  ` if try(length(ingress.ip), 0) > 0] if service.spec.type == "LoadBalancer"${which === undefined ? "" : ` && ${which}`}])`;

/** Those of `assigned` for which a condition on `each` holds, each as "namespace/name (address)". */
export const serviceTexts = (assigned: string, condition: string): string =>
  `[for each in ${assigned} : "\${each.service} (\${each.address})" if ${condition}]`;

/** Whether no range holds the address of `each`. As MetalLB decides it; upstream: poolFor in internal/allocator/allocator.go. */
export const isStranded = (ranges: string): string =>
  `!anytrue([for held in ${ranges} :` +
  ` held.ipv6 == each.ipv6 && held.first <= each.number && each.number <= held.last` +
  ` && !(held.skips_buggy && contains([0, 255], each.number % 256))])`;

/** Those of `assigned` that no range holds, each as "namespace/name (address)". */
export const strandedAddresses = (assigned: string, ranges: string): string =>
  serviceTexts(assigned, isStranded(ranges));

/** The addresses of nodes, as a list of texts. */
export const nodeAddresses = (nodes: readonly Pick<NodeConfig, "address">[]): string =>
  `[${nodes.map(({ address }) => quoted(address)).join(", ")}]`;

/** Those of `assigned` that are among `addresses`, a list of texts. */
export const addressesAmong = (assigned: string, addresses: string): string =>
  `[for each in ${assigned} : each if contains(${addresses}, each.address)]`;

function isIPv6(address: string): string {
  return `can(regex(":", ${address}))`;
}

/** An address as a number, by its hexadecimal digits; -1, which no range holds, where it cannot be read. */
function numberOf(address: string): string {
  const groups = (half: number): string => `try(compact(split(":", split("::", ${address})[${half}])), [])`;
  const zeros = `[for group in range(8 - length(${groups(0)}) - length(${groups(1)})) : "0"]`;
  const ipv6 = `[for group in concat(${groups(0)}, ${zeros}, ${groups(1)}) : replace(format("%4s", group), " ", "0")]`;
  const ipv4 = `[for part in split(".", ${address}) : format("%02x", parseint(part, 10))]`;
  return `try(parseint(join("", ${isIPv6(address)} ? ${ipv6} : ${ipv4}), 16), -1)`;
}
