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
 * The addresses that Services of type LoadBalancer have, as a list of objects. A host name is no address. Services of a
 * loadBalancerClass are another program's, where MetalLB knows classes; upstream: filterByLoadBalancerClass in
 * internal/k8s/controllers/service_controller.go, from 0.13 on.
 */
export const assignedAddresses = (services: string, { knowsClasses = false } = {}): string =>
  // An absent list is null; flatten makes a list of it whose one element has no address.
  `flatten([for service in ${services} : [` +
  `for ingress in flatten([try(service.status.loadBalancer.ingress, null)]) : {` +
  ` service = "\${service.metadata.namespace}/\${service.metadata.name}", address = ingress.ip,` +
  ` ipv6 = ${isIPv6("ingress.ip")}, number = ${numberOf("ingress.ip")} }` +
  ` if try(length(ingress.ip), 0) > 0] if service.spec.type == "LoadBalancer"${knowsClasses ? " && try(length(service.spec.loadBalancerClass), 0) == 0" : ""}])`;

/**
 * Those of `assigned` that no range holds, each as "namespace/name (address)". As MetalLB decides it; upstream: poolFor
 * in internal/allocator/allocator.go.
 */
export const strandedAddresses = (assigned: string, ranges: string): string =>
  `[for each in ${assigned} : "\${each.service} (\${each.address})" if !anytrue([for held in ${ranges} :` +
  ` held.ipv6 == each.ipv6 && held.first <= each.number && each.number <= held.last` +
  ` && !(held.skips_buggy && contains([0, 255], each.number % 256))])]`;

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
