import { isDeepStrictEqual } from "node:util";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { specSchemas } from "../../stacks/metallb/resources/spec-schemas";
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import type { LabelSelector } from "../../stacks/metallb/schema/selectors";
import { isMapping } from "../../cluster/schema-tree";
import { isOlder } from "../../values/versions";
import type { LiveResource } from "../metallb/live-resources";
import { type Mapping, type Note, type Written } from "./note";
import { normalRange, normalTimer, plainEntries, type WrittenPools } from "./pools";

/** MetalLB's custom resources in a cluster, by their kinds. */
export type ResourcesByKind = Readonly<Record<string, readonly LiveResource[]>>;

const path = ["metallb"];

const asItIs = " To keep it, put the object as it is into a file of metallb.resources, and take it out below.";

/**
 * MetalLB's custom resources as cluster.yaml has them. There a pool has its announcements with it: one of several pools
 * becomes one of each.
 */
export function poolsOfResources(live: ResourcesByKind, version: MetallbVersion): Written<WrittenPools> {
  const notes: Note[] = [];
  const note = (text: string) => notes.push({ path, text });
  const of = (kind: string) => live[kind] ?? [];
  const taken = (kind: string, { metadata: { name }, spec = {} }: LiveResource, keys: readonly string[]): Mapping => {
    for (const key of Object.keys(plainEntries(spec, nothing)).filter((one) => !keys.includes(one))) {
      const inFile = key in (specSchemas[kind]?.shape ?? {}) ? asItIs : "";
      note(`${kind} ${name} has ${key}, which cluster.yaml has no key for.${remedies[key] ?? inFile}`);
    }
    return Object.fromEntries(keys.filter((key) => key in spec).map((key) => [key, spec[key]]));
  };

  const pools = of("IPAddressPool");
  const announced = (kind: string, keys: readonly string[], defaults: Mapping) =>
    of(kind).map((one) => {
      const { ipAddressPools, ipAddressPoolSelectors, ...entry } = taken(kind, one, [...targetKeys, ...keys]);
      const targets = targetsOf(pools, { ipAddressPools, ipAddressPoolSelectors });
      if (targets.length === 0) note(`${kind} ${one.metadata.name} announces no pool that is there, and is left out.`);
      return { targets, entry: plainEntries(entry, defaults) };
    });
  const layer2 = announced("L2Advertisement", l2Keys, {});
  const bgp = announced("BGPAdvertisement", bgpKeys, { aggregationLength: 32, aggregationLengthV6: 128 });
  const ofPool = (all: typeof layer2, name: string): Mapping[] => {
    const entries = all.filter(({ targets }) => targets.includes(name)).map(({ entry }) => entry);
    return entries.filter((entry, index) => entries.findIndex((other) => isDeepStrictEqual(other, entry)) === index);
  };
  return {
    value: {
      pools: pools.map((pool) => {
        const { name } = pool.metadata;
        const { addresses, serviceAllocation, ...others } = taken("IPAddressPool", pool, poolKeys);
        const { protocol, ...announcements } = announcementsOf(ofPool(layer2, name), ofPool(bgp, name));
        if (protocol === "none") note(`Pool ${name}: ${announcedByNobody}`);
        const allocation = isMapping(serviceAllocation) ? plainEntries(serviceAllocation) : {};
        return {
          name,
          protocol,
          addresses: Array.isArray(addresses) ? addresses.map(normalRange) : addresses,
          ...plainEntries(others, { autoAssign: true, avoidBuggyIPs: false }),
          ...(Object.keys(allocation).length > 0 && { serviceAllocation: allocation }),
          ...announcements,
        };
      }),
      peers: of("BGPPeer").map((peer) => {
        const { passwordSecret, ...others } = taken("BGPPeer", peer, peerKeys);
        const secret = isMapping(passwordSecret) ? passwordSecret["name"] : undefined;
        const timers = Object.fromEntries(
          timerKeys.filter((key) => key in others).map((key) => [key, normalTimer(others[key])]),
        );
        return plainEntries(
          { name: peer.metadata.name, ...others, ...timers, passwordSecret: secret === "" ? undefined : secret },
          { ...peerDefaults, ...(isOlder(version, zeroIsZeroSince) && { holdTime: "0s" }) },
        );
      }),
      bfdProfiles: of("BFDProfile").map((profile) => ({
        name: profile.metadata.name,
        ...plainEntries(taken("BFDProfile", profile, bfdKeys), { echoMode: false, passiveMode: false }),
      })),
      bgpCommunities: communitiesOf(of("Community"), note),
    },
    notes,
  };
}

/** Protocol and announcements of a pool. What is announced as by default needs no list, but for a second protocol's. */
function announcementsOf(
  layer2: readonly Mapping[],
  bgp: readonly Mapping[],
): Mapping & { readonly protocol: PoolConfig["protocol"] } {
  const list = (key: string, entries: readonly Mapping[], beside: boolean) =>
    entries.length > 0 && (beside || !isDeepStrictEqual(entries, [{}])) ? { [key]: entries } : {};
  if (layer2.length === 0) {
    return bgp.length === 0 ? { protocol: "none" } : { protocol: "bgp", ...list("bgpAdvertisements", bgp, false) };
  }
  return {
    protocol: "layer2",
    ...list("l2Advertisements", layer2, false),
    ...list("bgpAdvertisements", bgp, true),
  };
}

const announcedByNobody =
  "MetalLB announces none of its addresses, since no announcement names the pool: protocol none, unless that was forgotten.";

const targetKeys = ["ipAddressPools", "ipAddressPoolSelectors"];
const poolKeys = ["addresses", "autoAssign", "avoidBuggyIPs", "serviceAllocation"];
const l2Keys = ["nodeSelectors", "interfaces", "preferredNodeSelectors", "serviceSelectors"];
const bgpKeys = [
  ...["aggregationLength", "aggregationLengthV6", "localPref", "asPathPrepend", "communities", "peers"],
  ...["nodeSelectors", "serviceSelectors"],
];
const peerKeys = [
  ...["peerAddress", "interface", "peerASN", "dynamicASN", "myASN", "localASN", "peerPort"],
  ...["holdTime", "keepaliveTime", "connectTime", "sourceAddress", "routerID", "nodeSelectors", "passwordSecret"],
  ...["bfdProfile", "ebgpMultiHop", "vrf", "enableGracefulRestart", "dualStackAddressFamily"],
];
const timerKeys = ["holdTime", "keepaliveTime", "connectTime"];
const bfdKeys = [
  ...["receiveInterval", "transmitInterval", "detectMultiplier", "echoInterval"],
  ...["echoMode", "passiveMode", "minimumTtl"],
];

const peerDefaults = {
  ...{ peerPort: 179, peerASN: 0, localASN: 0, ebgpMultiHop: false },
  ...{ enableGracefulRestart: false, dualStackAddressFamily: false, keepaliveTime: "0s" },
};

/** internal/config/config.go of older versions takes a hold time of 0s for its default. */
const zeroIsZeroSince: MetallbVersion = "0.14.9";

/** What any key may have that means nothing. */
const nothing = { disableMP: false, ebgpMultiHop: false };

const remedies: Readonly<Record<string, string>> = {
  // Never its value.
  password: " Put the password into a Secret of MetalLB's namespace, and name it by passwordSecret.",
};

/** The pools that an announcement is for: those that it names or selects, or all. */
function targetsOf(pools: readonly LiveResource[], { ipAddressPools, ipAddressPoolSelectors }: Mapping): string[] {
  const named = Array.isArray(ipAddressPools) ? (ipAddressPools as unknown[]) : [];
  const selectors = Array.isArray(ipAddressPoolSelectors) ? (ipAddressPoolSelectors as LabelSelector[]) : [];
  const isFor = ({ metadata: { name, labels = {} } }: LiveResource) =>
    (named.length === 0 && selectors.length === 0) ||
    named.includes(name) ||
    selectors.some((selector) => matches(selector, labels));
  return pools.filter(isFor).map(({ metadata }) => metadata.name);
}

/** As Kubernetes' LabelSelectorAsSelector has it: every part matches, and an empty selector everything. */
function matches({ matchLabels = {}, matchExpressions = [] }: LabelSelector, labels: Readonly<Record<string, string>>) {
  const holds = ({ key, operator, values = [] }: (typeof matchExpressions)[number]): boolean => {
    const value = labels[key];
    switch (operator) {
      case "In":
        return value !== undefined && values.includes(value);
      case "NotIn":
        return value === undefined || !values.includes(value);
      case "Exists":
        return value !== undefined;
      case "DoesNotExist":
        return value === undefined;
    }
  };
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(holds);
}

/** The names of communities, out of all objects of the kind. */
function communitiesOf(objects: readonly LiveResource[], note: (text: string) => void): Mapping {
  const found: Record<string, unknown> = {};
  for (const { metadata, spec } of objects) {
    const list: unknown = spec?.["communities"];
    for (const { name, value } of (Array.isArray(list) ? list : []) as readonly Record<"name" | "value", string>[]) {
      if (name in found && found[name] !== value) {
        note(`Community ${metadata.name} has ${name} ${value}, which is ${String(found[name])} in another: left out.`);
      } else found[name] = value;
    }
  }
  return found;
}
