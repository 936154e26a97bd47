import { isMapping } from "../../cluster/schema-tree";
import { readConfigFile } from "../metallb/config-file";
import { given, type Mapping, type Note, type Written } from "./note";
import { normalRange, normalTimer, plainEntries, type WrittenPools } from "./pools";

const path = ["metallb"];

/**
 * MetalLB 0.9 to 0.12's configuration as cluster.yaml has it; upstream: `configFile` in internal/config/config.go.
 * @param text of key config of the ConfigMap
 * @returns undefined where it is no mapping in YAML, which MetalLB refuses
 */
export function poolsOfConfigMap(text: string): Written<WrittenPools> | undefined {
  const config = readConfigFile(text);
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
        const timers = {
          holdTime: normalTimer(others["holdTime"]),
          keepaliveTime: normalTimer(others["keepaliveTime"]),
        };
        const selectors = listOf(nodeSelectors).map((one) => taken(`A node selector of ${name}`, one, selectorKeys));
        return plainEntries({ ...others, ...timers, nodeSelectors: selectors }, peerDefaults);
      }),
      bfdProfiles: listOf(bfdProfiles).map((entry) =>
        plainEntries(taken(`The BFD profile ${String(entry["name"])}`, entry, bfdKeys), bfdDefaults),
      ),
      bgpCommunities: isMapping(bgpCommunities) ? bgpCommunities : {},
    },
    notes,
  };
}

const listOf = (value: unknown): readonly Mapping[] => (Array.isArray(value) ? value.filter(isMapping) : []);

/** Keys of the text, and what cluster.yaml calls them. */
type Keys = Readonly<Record<string, string>>;

const renamed = (entry: Mapping, keys: Keys): Mapping =>
  given(Object.fromEntries(Object.entries(keys).map(([key, name]) => [name, entry[key]])));

const topLevelKeys: Keys = {
  peers: "peers",
  "bgp-communities": "bgpCommunities",
  "address-pools": "pools",
  "bfd-profiles": "bfdProfiles",
};
const peerKeys: Keys = {
  "peer-address": "peerAddress",
  "peer-asn": "peerASN",
  "my-asn": "myASN",
  "peer-port": "peerPort",
  "source-address": "sourceAddress",
  "hold-time": "holdTime",
  "keepalive-time": "keepaliveTime",
  "router-id": "routerID",
  "bfd-profile": "bfdProfile",
  "ebgp-multihop": "ebgpMultiHop",
  "node-selectors": "nodeSelectors",
};
const selectorKeys: Keys = { "match-labels": "matchLabels", "match-expressions": "matchExpressions" };
const poolKeys: Keys = {
  name: "name",
  protocol: "protocol",
  addresses: "addresses",
  "auto-assign": "autoAssign",
  "avoid-buggy-ips": "avoidBuggyIPs",
  "bgp-advertisements": "bgpAdvertisements",
};
const advertisementKeys: Keys = {
  "aggregation-length": "aggregationLength",
  "aggregation-length-v6": "aggregationLengthV6",
  localpref: "localPref",
  communities: "communities",
};
const bfdKeys: Keys = {
  name: "name",
  "receive-interval": "receiveInterval",
  "transmit-interval": "transmitInterval",
  "detect-multiplier": "detectMultiplier",
  "echo-interval": "echoInterval",
  "echo-mode": "echoMode",
  "passive-mode": "passiveMode",
  "minimum-ttl": "minimumTtl",
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
