import type { Draft } from "../../../values/draft";
import { durationSeconds, goDuration } from "../../../values/durations";
import type { BfdProfileConfig, PeerConfig } from "../schema/bgp";
import type { LabelSelector } from "../schema/selectors";
import type { MetallbConfig } from "../schema/metallb";
import type { PoolConfig } from "../schema/pools";
import { namespaceName } from "../release/component";
import { holdTimeOf } from "./hold-time";
import { firstFree, peerNames } from "./peer-names";
import {
  type AnnouncedPool,
  announcementKeys,
  announcementKinds,
  type AnnouncingProtocol,
  isAnnouncedBy,
} from "./protocols";
import { addressTexts } from "./pool-addresses";
import type { CustomResource } from "./custom-resource";

/** What the resources are made of. */
export type CustomResourceSources = Pick<
  MetallbConfig,
  "version" | "bgpType" | "pools" | "peers" | "bfdProfiles" | "bgpCommunities" | "resourceObjects"
>;

/** The one Community object that names the communities. */
export const communitiesName = "cluster-communities";

/** What the CustomResourceDefinitions make of a missing key; upstream: api/v1beta1 and v1beta2. */
const upstreamDefaults = { peerPort: 179, aggregationLength: 32, aggregationLengthV6: 128 } as const;

type Spec = CustomResource["spec"];

/**
 * The pools, announcements, routers and communities of cluster.yaml as custom resources, for MetalLB 0.13 and later, and
 * those of the files that it names. What others refer to comes first: profiles, peers, communities, pools, then announcements.
 *
 * What equals the default of the CustomResourceDefinition is left out, but for a pool's autoAssign and avoidBuggyIPs, which
 * decide who gets which address, so that a plan shows an edit of them; and for a peer's holdTime: see holdTimeOf.
 */
export function customResources(metallb: CustomResourceSources): readonly CustomResource[] {
  const own = (metallb.resourceObjects ?? []).map(({ apiVersion, kind, metadata, spec }): CustomResource => ({
    apiVersion,
    kind,
    metadata,
    spec,
  }));
  return [...ofSections(metallb), ...own].sort((a, b) => rankOf(a.kind) - rankOf(b.kind));
}

const ranks = ["BFDProfile", "BGPPeer", "Community", "IPAddressPool"];

/** Announcements, of either kind, come last. */
const rankOf = (kind: string): number => (ranks.includes(kind) ? ranks.indexOf(kind) : ranks.length);

function ofSections(metallb: CustomResourceSources): CustomResource[] {
  const { pools, peers, bfdProfiles, bgpCommunities } = metallb;
  const names = peerNames(peers);
  const communities = Object.entries(bgpCommunities).map(([name, value]) => ({ name, value }));
  return [
    ...bfdProfiles.map((profile) => resource("BFDProfile", profile.name, bfdProfileSpec(profile))),
    ...peers.map((peer, index) => resource("BGPPeer", names[index] ?? "", peerSpec(peer, metallb), "v1beta2")),
    ...(communities.length > 0 ? [resource("Community", communitiesName, { communities })] : []),
    ...pools.map((pool) => resource("IPAddressPool", pool.name, poolSpec(pool))),
    ...advertisements(pools),
  ];
}

const resource = (kind: string, name: string, spec: Spec, version = "v1beta1"): CustomResource => ({
  apiVersion: `metallb.io/${version}`,
  kind,
  metadata: { name, namespace: namespaceName },
  spec: given(spec),
});

/** Without the keys that are undefined or an empty list. */
const given = (spec: Spec): Spec =>
  Object.fromEntries(
    Object.entries(spec).filter(([, value]) => value !== undefined && !(Array.isArray(value) && value.length === 0)),
  );

const unless = <Value>(value: Value, upstreamDefault: Value): Value | undefined =>
  value === upstreamDefault ? undefined : value;

const selector = ({ matchLabels, matchExpressions }: LabelSelector): Spec =>
  given({ matchLabels, matchExpressions: matchExpressions?.map(given) });

const poolSpec = ({ autoAssign, avoidBuggyIPs, serviceAllocation, ...pool }: PoolConfig): Spec => ({
  addresses: addressTexts(pool),
  autoAssign,
  avoidBuggyIPs,
  serviceAllocation:
    serviceAllocation &&
    given({
      priority: serviceAllocation.priority,
      namespaces: serviceAllocation.namespaces,
      namespaceSelectors: serviceAllocation.namespaceSelectors.map(selector),
      serviceSelectors: serviceAllocation.serviceSelectors.map(selector),
    }),
});

const peerSpec = (peer: PeerConfig, metallb: CustomResourceSources): Spec => ({
  peerAddress: peer.peerAddress,
  interface: peer.interface,
  peerASN: peer.peerASN,
  dynamicASN: peer.dynamicASN,
  myASN: peer.myASN,
  localASN: peer.localASN,
  peerPort: unless(peer.peerPort, upstreamDefaults.peerPort),
  holdTime: canonical(holdTimeOf(peer, metallb)),
  keepaliveTime: canonical(peer.keepaliveTime),
  connectTime: canonical(peer.connectTime),
  sourceAddress: peer.sourceAddress,
  routerID: peer.routerID,
  nodeSelectors: peer.nodeSelectors.map(selector),
  passwordSecret: peer.passwordSecret && { name: peer.passwordSecret },
  bfdProfile: peer.bfdProfile,
  ebgpMultiHop: unless(peer.ebgpMultiHop, false),
  vrf: peer.vrf,
  enableGracefulRestart: unless(peer.enableGracefulRestart, false),
  dualStackAddressFamily: unless(peer.dualStackAddressFamily, false),
});

/** A duration as the API server gives it back, so that a plan finds no difference. */
const canonical = (duration: string | undefined): string | undefined =>
  duration === undefined ? undefined : goDuration(durationSeconds(duration));

const bfdProfileSpec = (profile: BfdProfileConfig): Spec => ({
  receiveInterval: profile.receiveInterval,
  transmitInterval: profile.transmitInterval,
  detectMultiplier: profile.detectMultiplier,
  echoInterval: profile.echoInterval,
  echoMode: unless(profile.echoMode, false),
  passiveMode: unless(profile.passiveMode, false),
  minimumTtl: profile.minimumTtl,
});

type L2Advertisement = PoolConfig["l2Advertisements"][number];
type BgpAdvertisement = PoolConfig["bgpAdvertisements"][number];

const l2Spec = (advertisement: L2Advertisement): Spec => ({
  nodeSelectors: advertisement.nodeSelectors.map(selector),
  interfaces: advertisement.interfaces,
  preferredNodeSelectors: advertisement.preferredNodeSelectors.map(({ weight, preference }) => ({
    weight,
    preference: selector(preference),
  })),
  serviceSelectors: advertisement.serviceSelectors.map(selector),
});

const bgpSpec = (advertisement: BgpAdvertisement): Spec => ({
  aggregationLength: unless(advertisement.aggregationLength, upstreamDefaults.aggregationLength),
  aggregationLengthV6: unless(advertisement.aggregationLengthV6, upstreamDefaults.aggregationLengthV6),
  localPref: advertisement.localPref,
  asPathPrepend: advertisement.asPathPrepend,
  communities: advertisement.communities,
  peers: advertisement.peers,
  nodeSelectors: advertisement.nodeSelectors.map(selector),
  serviceSelectors: advertisement.serviceSelectors.map(selector),
});

function advertisements(pools: readonly PoolConfig[]): CustomResource[] {
  const [l2, bgp] = [announcementNames(pools, "layer2"), announcementNames(pools, "bgp")];
  const made = (kind: string, pool: string, names: readonly string[] = [], specs: readonly Spec[]) =>
    names.map((name, index) => resource(kind, name, { ipAddressPools: [pool], ...specs[index] }));
  return pools.flatMap((pool, index) => [
    ...made(announcementKinds.layer2, pool.name, l2[index], pool.l2Advertisements.map(l2Spec)),
    ...made(announcementKinds.bgp, pool.name, bgp[index], pool.bgpAdvertisements.map(bgpSpec)),
  ]);
}

/**
 * The names of each pool's announcements by a protocol: <pool>, <pool>-2 and so on, passing over the names of other pools.
 * One at least, since a pool without one is not announced at all.
 */
export function announcementNames(
  pools: readonly ((Draft<Pick<PoolConfig, "name">> & AnnouncedPool) | undefined)[],
  protocol: AnnouncingProtocol,
): string[][] {
  const taken = new Set(pools.map((pool) => pool?.name));
  return pools.map((pool) => {
    const name = pool?.name;
    if (name === undefined || !isAnnouncedBy(pool, protocol)) return [];
    const count = Math.max(1, pool?.[announcementKeys[protocol]]?.length ?? 0);
    return Array.from({ length: count }, (_, index) => {
      const free = index === 0 ? name : firstFree(name, taken, index + 1);
      taken.add(free);
      return free;
    });
  });
}
