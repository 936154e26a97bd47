import { addressOf, parseAddress, sizeOf } from "../../../values/address-ranges";
import type { MetallbDraft } from "../draft";
import { readExpectation } from "../../../values/expectation";
import type { Finding } from "../../../values/problem";
import { dnsSubdomain } from "../../../values/scalars";
import { isAnnouncedBy } from "../pools/protocols";
import { type MetallbVersion, usesCustomResources } from "../release/releases";
import { readNetworks } from "../../shared/checks/networks";
import { type PoolRange, readPoolRanges } from "./pool-ranges";
import { isNear, usualSubnets } from "./subnets";
import { repeated } from "../../../values/repeated";

/** Pool names, and ranges that MetalLB accepts though clients may not reach them. */
export function checkPools(draft: MetallbDraft): Finding[] {
  const { ranges } = readPoolRanges(draft);
  const version = draft.metallb?.version;
  const layer2 = ranges.filter(({ poolIndex }) => isAnnouncedBy(draft.metallb?.pools?.[poolIndex], "layer2"));
  return [
    ...repeatedNames(draft),
    ...names(draft),
    ...(version === takesNoRangeOfOne ? rangesOfOne(ranges, version) : []),
    ...buggyAddresses(draft, layer2),
    ...otherSubnets(draft, layer2),
    ...families(draft),
    ...allocations(draft),
  ];
}

function repeatedNames(draft: MetallbDraft): Finding[] {
  return repeated(draft.metallb?.pools?.map((pool) => pool?.name) ?? []).map(({ value, index, firstIndex }) => ({
    severity: "error",
    path: ["metallb", "pools", index, "name"],
    given: JSON.stringify(value),
    expected: `a name that no other pool has: metallb.pools[${firstIndex}] has it too`,
    remedy: "give one of the two another name, or merge their addresses",
  }));
}

/** From 0.13 on a pool is an object of its name. Before it has any text. */
function names(draft: MetallbDraft): Finding[] {
  const version = draft.metallb?.version;
  if (version === undefined || !usesCustomResources(version)) return [];
  return (draft.metallb?.pools ?? []).flatMap((pool, index): Finding[] => {
    const name = dnsSubdomain.safeParse(pool?.name);
    if (pool?.name === undefined || name.success) return [];
    const { expected } = readExpectation(name.error.issues[0]?.message ?? "");
    return [
      {
        severity: "error",
        path: ["metallb", "pools", index, "name"],
        given: `${JSON.stringify(pool.name)} with version: ${version}`,
        expected: `${expected}, as the name of an IPAddressPool`,
        remedy:
          "rename the pool, and in the same moment the annotation address-pool of each Service that asks for it by name, which else loses its address; MetalLB up to 0.12 takes any name",
      },
    ];
  });
}

/** The one version that takes no range whose ends are equal; upstream: ParseCIDR in internal/config/config.go. */
const takesNoRangeOfOne: MetallbVersion = "0.11.0";

const rangesOfOne = (ranges: readonly PoolRange[], version: MetallbVersion): Finding[] =>
  ranges
    .filter(({ range, text }) => sizeOf(range) === 1n && text.includes("-"))
    .map(({ range: { family, first }, text, path, pool }) => ({
      severity: "error",
      path,
      given: `${JSON.stringify(text)} in ${pool}`,
      expected: `two addresses that differ: MetalLB ${version} takes one address for a range that ends before its start`,
      remedy: `write ${addressOf(family, first)}/${family === 4 ? 32 : 128}`,
    }));

/** Addresses that old consumer devices take for a network's own or its broadcast address; see avoid-buggy-ips. */
function buggyAddresses(draft: MetallbDraft, layer2: readonly PoolRange[]): Finding[] {
  return layer2.flatMap(({ range, text, path, pool, poolIndex }): Finding[] => {
    if (range.family === 6 || draft.metallb?.pools?.[poolIndex]?.avoidBuggyIPs !== false) return [];
    const zero = nextEndingIn(0n, range.first) <= range.last;
    const broadcast = nextEndingIn(255n, range.first) <= range.last;
    if (!zero && !broadcast) return [];
    const endings = [zero ? ".0" : "", broadcast ? ".255" : ""].filter((ending) => ending !== "").join(" or ");
    return [
      {
        severity: "warning",
        path,
        given: `${JSON.stringify(text)} in ${pool}`,
        expected: `no address that ends in ${endings}, which some old devices drop`,
        remedy: "set avoidBuggyIPs: true in this pool, or leave those addresses out",
      },
    ];
  });
}

/** The first IPv4 address from `start` on whose last part is `ending`. */
const nextEndingIn = (ending: bigint, start: bigint) => start + ((ending - (start % 256n) + 256n) % 256n);

/**
 * layer2 addresses are announced by ARP or NDP, so clients find them on the nodes' own subnet only. The subnet's
 * length is not known here: /24, and /64 for IPv6, are the usual ones.
 */
function otherSubnets(draft: MetallbDraft, layer2: readonly PoolRange[]): Finding[] {
  const addresses = draft.nodes?.map((node) => node?.address);
  if (addresses === undefined || addresses.includes(undefined)) return [];
  const version = draft.metallb?.version;
  const byOthers =
    version !== undefined && usesCustomResources(version)
      ? "; or write protocol: bgp, or none where something else announces them"
      : "";
  const nodes = addresses.flatMap((address) => parseAddress(address ?? "") ?? []);
  return layer2.flatMap(({ range, text, path, pool }): Finding[] => {
    if (isNear(range, nodes) !== false) return [];
    const length = usualSubnets[range.family].text;
    const protocol = range.family === 4 ? "ARP" : "NDP";
    return [
      {
        severity: "warning",
        path,
        given: `${JSON.stringify(text)} in ${pool}`,
        expected: `addresses in the subnet of a node: no node is in the same ${length}, and layer2 announces by ${protocol}, which no router forwards`,
        remedy: `choose addresses of the nodes' subnet, unless that is wider than ${length}${byOthers}`,
      },
    ];
  });
}

/** MetalLB gives a Service an address of the family of its cluster IP (controller/service.go). */
function families(draft: MetallbDraft): Finding[] {
  const services = readNetworks(draft).networks.find(({ key }) => key === "serviceCIDR");
  if (services === undefined) return [];
  const known = new Set(services.ranges.map(({ range }) => range.family));
  return readPoolRanges(draft)
    .ranges.filter(({ range }) => !known.has(range.family))
    .map(({ range, text, path, pool }) => ({
      severity: "warning",
      path,
      given: `${JSON.stringify(text)} in ${pool}`,
      expected: `addresses of a family that Services have: kubernetes.serviceCIDR has no IPv${range.family} network, so no Service gets one of these`,
      remedy: `remove the range, or add the cluster's IPv${range.family} network to kubernetes.serviceCIDR`,
    }));
}

/** Which Services a pool is for: something has to be said, and no namespace twice (internal/config/config.go). */
function allocations(draft: MetallbDraft): Finding[] {
  return (draft.metallb?.pools ?? []).flatMap((pool, index): Finding[] => {
    const allocation = pool?.serviceAllocation;
    if (allocation === undefined) return [];
    const { priority, namespaces = [], namespaceSelectors = [], serviceSelectors = [] } = allocation;
    const path = ["metallb", "pools", index, "serviceAllocation"];
    const saysNothing = priority === undefined && namespaces.length + namespaceSelectors.length === 0;
    if (saysNothing && serviceSelectors.length === 0) {
      return [
        {
          severity: "error",
          path,
          given: "nothing that selects",
          expected: "at least one of priority, namespaces, namespaceSelectors and serviceSelectors",
          remedy: "remove serviceAllocation to let every Service use the pool",
        },
      ];
    }
    return repeated(namespaces).map(({ value, index: place }) => ({
      severity: "error",
      path: [...path, "namespaces", place],
      given: `${JSON.stringify(value)} a second time`,
      expected: "each one once: MetalLB refuses a repetition",
      remedy: "remove one of the two",
    }));
  });
}
