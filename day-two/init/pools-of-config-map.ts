import { parse } from "yaml";
import { isMapping } from "../../cluster/schema-tree";
import { readConfigText } from "../../stacks/kube-proxy/config-text";
import { given, type Mapping, type Note, type Written } from "./note";
import { normalRange, plainEntries, type WrittenPools } from "./pools";

const path = ["metallb"];

/**
 * MetalLB 0.9 to 0.12's configuration as cluster.yaml has it; upstream: `configFile` in internal/config/config.go.
 * @param text of key config of the ConfigMap
 * @returns undefined where it is no mapping in YAML, which MetalLB refuses
 */
export function poolsOfConfigMap(text: string): Written<WrittenPools> | undefined {
  const config = asWritten(text);
  if (config === undefined) return undefined;
  const notes: Note[] = [];
  const taken = (what: string, entry: Mapping, keys: Keys): Mapping => {
    notes.push(...notCarried(what, entry, keys));
    return renamed(entry, keys);
  };
  const { peers, pools, bfdProfiles, bgpCommunities } = taken("The ConfigMap", config, topLevelKeys);
  return {
    value: {
      pools: listOf(pools).map((entry) => {
        const name = `The pool ${String(entry["name"])}`;
        const { name: poolName, protocol, addresses, bgpAdvertisements, ...others } = taken(name, entry, poolKeys);
        const announced = listOf(bgpAdvertisements).map((one) =>
          plainEntries(
            taken(`An announcement of the pool ${String(entry["name"])}`, one, advertisementKeys),
            advertisementDefaults,
          ),
        );
        const ranges = Array.isArray(addresses) ? addresses.map(normalRange) : addresses;
        return plainEntries(
          { name: poolName, protocol, addresses: ranges, ...others, bgpAdvertisements: announced },
          poolDefaults,
        );
      }),
      peers: listOf(peers).map((entry) => {
        const name = `The peer ${String(entry["peer-address"])}`;
        const { nodeSelectors, ...others } = taken(name, entry, peerKeys);
        const selectors = listOf(nodeSelectors).map((one) => taken(`A node selector of ${name}`, one, selectorKeys));
        return plainEntries({ ...others, nodeSelectors: selectors }, peerDefaults);
      }),
      bfdProfiles: listOf(bfdProfiles).map((entry) =>
        plainEntries(taken(`The BFD profile ${String(entry["name"])}`, entry, bfdKeys), bfdDefaults),
      ),
      bgpCommunities: isMapping(bgpCommunities) ? bgpCommunities : {},
    },
    notes,
  };
}

/**
 * The text with every scalar as it is written: what MetalLB takes for text may be a number to YAML, a pool named 0123 for
 * example (yaml.v2, decode.go: a scalar for a Go string is the text itself).
 */
function asWritten(text: string): Mapping | undefined {
  try {
    const value: unknown = parse(text, { schema: "failsafe", uniqueKeys: false, logLevel: "error" });
    return isMapping(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const listOf = (value: unknown): readonly Mapping[] => (Array.isArray(value) ? value.filter(isMapping) : []);

/** How a key's value is read: as text, or as YAML 1.1 has its number or flag. */
type As = "text" | "plain";

/** Keys of the text, what cluster.yaml calls them, and how they are read. */
type Keys = Readonly<Record<string, readonly [name: string, as?: As]>>;

function renamed(entry: Mapping, keys: Keys): Mapping {
  const read = (value: unknown, as: As): unknown =>
    as === "plain" && typeof value === "string" ? (readConfigText(`value: ${value}`)?.["value"] ?? value) : value;
  return given(
    Object.fromEntries(Object.entries(keys).map(([key, [name, as = "text"]]) => [name, read(entry[key], as)])),
  );
}

const topLevelKeys: Keys = {
  peers: ["peers"],
  "bgp-communities": ["bgpCommunities"],
  "address-pools": ["pools"],
  "bfd-profiles": ["bfdProfiles"],
};
const peerKeys: Keys = {
  "peer-address": ["peerAddress"],
  "peer-asn": ["peerASN", "plain"],
  "my-asn": ["myASN", "plain"],
  "peer-port": ["peerPort", "plain"],
  "source-address": ["sourceAddress"],
  "hold-time": ["holdTime"],
  "keepalive-time": ["keepaliveTime"],
  "router-id": ["routerID"],
  "bfd-profile": ["bfdProfile"],
  "ebgp-multihop": ["ebgpMultiHop", "plain"],
  "node-selectors": ["nodeSelectors"],
};
const selectorKeys: Keys = { "match-labels": ["matchLabels"], "match-expressions": ["matchExpressions"] };
const poolKeys: Keys = {
  name: ["name"],
  protocol: ["protocol"],
  addresses: ["addresses"],
  "auto-assign": ["autoAssign", "plain"],
  "avoid-buggy-ips": ["avoidBuggyIPs", "plain"],
  "bgp-advertisements": ["bgpAdvertisements"],
};
const advertisementKeys: Keys = {
  "aggregation-length": ["aggregationLength", "plain"],
  "aggregation-length-v6": ["aggregationLengthV6", "plain"],
  localpref: ["localPref", "plain"],
  communities: ["communities"],
};
const bfdKeys: Keys = {
  name: ["name"],
  "receive-interval": ["receiveInterval", "plain"],
  "transmit-interval": ["transmitInterval", "plain"],
  "detect-multiplier": ["detectMultiplier", "plain"],
  "echo-interval": ["echoInterval", "plain"],
  "echo-mode": ["echoMode", "plain"],
  "passive-mode": ["passiveMode", "plain"],
  "minimum-ttl": ["minimumTtl", "plain"],
};
const poolDefaults = { autoAssign: true, avoidBuggyIPs: false };
const advertisementDefaults = { aggregationLength: 32, aggregationLengthV6: 128 };
const peerDefaults = { peerPort: 179, holdTime: "90s", ebgpMultiHop: false };
const bfdDefaults = { echoMode: false, passiveMode: false };

/** What cluster.yaml has no key for. Values are never shown: a password is one of them. */
function notCarried(what: string, entry: Mapping, keys: Keys): Note[] {
  return Object.keys(entry)
    .filter((key) => !(key in keys))
    .map((key) => ({
      path,
      text: `${what} has ${key}, which cluster.yaml has no key for: the first plan takes it away.${remedyOf(key)}`,
    }));
}

const remedyOf = (key: string): string =>
  key === "password"
    ? " From MetalLB 0.13 on a password is in a Secret of metallb-system, which passwordSecret names."
    : "";
