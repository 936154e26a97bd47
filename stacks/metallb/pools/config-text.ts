import { createHash } from "node:crypto";
import { stringify } from "yaml";
import type { LabelSelector } from "../schema/selectors";
import type { MetallbConfig } from "../schema/metallb";
import type { PeerConfig } from "../schema/bgp";
import type { PoolConfig } from "../schema/pools";
import { addressTexts } from "./pool-addresses";

/** What the text is made of. */
export type ConfigTextProps = Pick<MetallbConfig, "pools" | "peers" | "bgpCommunities">;

/** What MetalLB 0.9 to 0.12 takes a missing key to mean; upstream: internal/config/config.go. */
const upstreamDefaults = {
  autoAssign: true,
  avoidBuggyIPs: false,
  aggregationLengthV6: 128,
  peerPort: 179,
  holdTime: "90s",
  ebgpMultiHop: false,
} as const;

const unless = <Value>(value: Value, upstreamDefault: Value): Value | undefined =>
  value === upstreamDefault ? undefined : value;

const notEmpty = <Value>(list: readonly Value[]): readonly Value[] | undefined => (list.length > 0 ? list : undefined);

// The length is written even where it is upstream's default, 32: an advertisement has to say something.
const advertisement = (given: PoolConfig["bgpAdvertisements"][number]) => ({
  "aggregation-length": given.aggregationLength,
  "aggregation-length-v6": unless(given.aggregationLengthV6, upstreamDefaults.aggregationLengthV6),
  localpref: given.localPref,
  communities: notEmpty(given.communities),
});

const addressPool = (pool: PoolConfig) => ({
  name: pool.name,
  protocol: pool.protocol,
  addresses: addressTexts(pool),
  "auto-assign": unless(pool.autoAssign, upstreamDefaults.autoAssign),
  "avoid-buggy-ips": unless(pool.avoidBuggyIPs, upstreamDefaults.avoidBuggyIPs),
  "bgp-advertisements": notEmpty(pool.bgpAdvertisements.map(advertisement)),
});

const nodeSelector = ({ matchLabels, matchExpressions }: LabelSelector) => ({
  "match-labels": matchLabels,
  "match-expressions": matchExpressions,
});

const peer = (given: PeerConfig) => ({
  "peer-address": given.peerAddress,
  "peer-asn": given.peerASN,
  "my-asn": given.myASN,
  "peer-port": unless(given.peerPort, upstreamDefaults.peerPort),
  "source-address": given.sourceAddress,
  "hold-time": unless(given.holdTime, upstreamDefaults.holdTime),
  "router-id": given.routerID,
  "ebgp-multihop": unless(given.ebgpMultiHop, upstreamDefaults.ebgpMultiHop),
  "node-selectors": notEmpty(given.nodeSelectors.map(nodeSelector)),
});

/**
 * The text of the ConfigMap `config` of MetalLB 0.9 to 0.12; upstream: `configFile` in internal/config/config.go of each.
 *
 * MetalLB reads it strictly: one unknown key and all of it is refused, with a line in the log and nothing else. What
 * equals upstream's default is left out, and lists are laid out as in upstream's manual, so that the text for a simple
 * pool is, byte for byte, what people write by hand. What a version has no key for, checks/features.ts refuses.
 */
export function configText(metallb: ConfigTextProps): string {
  const communities = Object.keys(metallb.bgpCommunities).length > 0 ? metallb.bgpCommunities : undefined;
  return stringify(
    {
      peers: notEmpty(metallb.peers.map(peer)),
      "bgp-communities": communities,
      "address-pools": metallb.pools.map(addressPool),
    },
    // MetalLB's parser speaks YAML 1.1, where `on` is no string: with this version such words are quoted.
    { version: "1.1", indentSeq: false },
  );
}

/** What the text hashes to. */
export const configHash = (metallb: ConfigTextProps): string =>
  createHash("sha256").update(configText(metallb)).digest("hex").slice(0, 16);
