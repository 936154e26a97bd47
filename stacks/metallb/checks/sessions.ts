import { parseAddress } from "../../../values/address-ranges";
import type { Finding } from "../../../values/problem";
import { isSince } from "../../../values/versions";
import type { MetallbDraft } from "../draft";
import { isByFrr } from "../release/releases";
import { isAnnouncedBy } from "../pools/protocols";
import { peerNames } from "../pools/peer-names";
import { isSelected } from "./node-selection";
import { readPoolRanges } from "./pool-ranges";
import { isNear, usualSubnets } from "./subnets";

type Metallb = NonNullable<MetallbDraft["metallb"]>;
type Peer = NonNullable<NonNullable<Metallb["peers"]>[number]>;

/** BGP sessions that MetalLB takes, though nothing comes of them. */
export function checkSessions(draft: MetallbDraft): Finding[] {
  return [...familiesWithoutSession(draft), ...peersElsewhere(draft)];
}

/** The first version in which a session of FRR carries routes of its own family only; upstream: #2766. */
const ownFamilySince = "0.15.0";

/**
 * Whether a session carries routes of a family. MetalLB's own BGP has IPv4 routes with an IPv4 next hop only, which is its
 * end of the session (internal/bgp/native: encodePathAttrs).
 */
function carries({ version, bgpType }: Metallb, peer: Peer, family: 4 | 6): boolean {
  const session = peer.peerAddress === undefined ? undefined : parseAddress(peer.peerAddress)?.family;
  if (session === undefined || version === undefined) return true;
  if (!isByFrr(bgpType)) return session === 4 || family === 6;
  return !isSince(version, ownFamilySince) || peer.dualStackAddressFamily === true || session === family;
}

function familiesWithoutSession(draft: MetallbDraft): Finding[] {
  const { metallb } = draft;
  const { pools = [], peers = [], bgpType, version } = metallb ?? {};
  if (metallb === undefined || bgpType === undefined || version === undefined) return [];
  if (peers.length === 0 || peers.includes(undefined)) return [];
  const names = peerNames(peers);
  const found = new Set<string>();
  return readPoolRanges(draft).ranges.flatMap(({ range: { family }, text, path, pool, poolIndex }): Finding[] => {
    const { bgpAdvertisements } = pools[poolIndex] ?? {};
    if (!isAnnouncedBy(pools[poolIndex], "bgp") || bgpAdvertisements === undefined) return [];
    const toAll = bgpAdvertisements.length === 0 || bgpAdvertisements.some((one) => one?.peers?.length === 0);
    const targets = peers.filter(
      (_, index) => toAll || bgpAdvertisements.some((one) => one?.peers?.includes(names[index])),
    );
    const key = `${poolIndex} ${family}`;
    if (targets.length === 0 || found.has(key)) return [];
    if (targets.some((peer) => peer !== undefined && carries(metallb, peer, family))) return [];
    found.add(key);
    return [
      {
        severity: "warning",
        path,
        given: `${JSON.stringify(text)} in ${pool}`,
        expected: isByFrr(bgpType)
          ? `a session that carries IPv${family}: each peer that the pool is announced to has an IPv${family === 4 ? 6 : 4} address, and from MetalLB 0.15 on a session carries routes of its own family only`
          : "a session over IPv4: each peer that the pool is announced to has an IPv6 address, and MetalLB's own BGP has IPv4 next hops only",
        remedy: isByFrr(bgpType)
          ? `add a peer with an IPv${family} address, or set dualStackAddressFamily: true for one of them`
          : "add a peer with an IPv4 address",
      },
    ];
  });
}

/** FRR does not even try a router of another AS that is in no network of the node's, unless it is told to. */
function peersElsewhere({ metallb, nodes = [] }: MetallbDraft): Finding[] {
  if (!isByFrr(metallb?.bgpType)) return [];
  return (metallb?.peers ?? []).flatMap((peer, index): Finding[] => {
    const { peerAddress, peerASN, myASN, ebgpMultiHop, vrf, nodeSelectors } = peer ?? {};
    const address = peerAddress === undefined ? undefined : parseAddress(peerAddress);
    if (address === undefined || peerASN === undefined || myASN === undefined || peerASN === myASN) return [];
    if (ebgpMultiHop !== false || vrf !== undefined) return [];
    const connecting = nodes.filter((node) => isSelected(nodeSelectors, node) !== false);
    const addresses = connecting.map((node) => (node?.address === undefined ? undefined : parseAddress(node.address)));
    const known = addresses.filter((one) => one !== undefined);
    if (known.length < addresses.length || isNear(address, known) !== false) return [];
    return [
      {
        severity: "warning",
        path: ["metallb", "peers", index, "peerAddress"],
        given: JSON.stringify(peerAddress),
        expected: `an address in the subnet of a node: none of those that connect to it is in the same ${usualSubnets[address.family].text}, and FRR reaches a router of another AS on the nodes' own networks only`,
        remedy: `set ebgpMultiHop: true if other routers are between them; leave it as it is if the nodes have another network too, or one wider than ${usualSubnets[address.family].text}`,
      },
    ];
  });
}
