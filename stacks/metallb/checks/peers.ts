import type { MetallbDraft } from "../draft";
import { holdTimeOf } from "../pools/hold-time";
import { durationSeconds } from "../../../values/durations";
import { type BgpType, isByFrr, usesCustomResources } from "../release/releases";
import type { IsGiven } from "../../../values/draft";
import type { Finding, Path } from "../../../values/problem";
import { shareNode } from "./node-selection";
import { repeated } from "../../../values/repeated";
import { isOlder, isSince } from "../../../values/versions";

type Peer = NonNullable<NonNullable<NonNullable<MetallbDraft["metallb"]>["peers"]>[number]>;

/** BGP routers, each for itself and beside each other; upstream: internal/config/config.go and validation.go. */
export function checkPeers(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  return [
    ...ends(draft, isGiven),
    ...repeatedNames(draft),
    ...equals(draft),
    ...holdTimes(draft),
    ...keepaliveTimes(draft, isGiven),
    ...connectTimes(draft),
    ...multiHops(draft),
    ...ports(draft),
    ...bfdProfiles(draft),
    ...besideEachOther(draft),
  ];
}

/** A router has an address or an interface to it, and an AS number or a way to find it out: one of the two each. */
function ends(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  const pairs = [
    ["peerAddress", "interface", "the router's address", "the nodes' interface to it"],
    ["peerASN", "dynamicASN", "the router's AS number", "how it is found out"],
  ] as const;
  return (draft.metallb?.peers ?? []).flatMap((peer, index) => {
    if (peer === undefined) return [];
    const path = ["metallb", "peers", index];
    return pairs.flatMap(([key, other, what, orWhat]): Finding[] => {
      const given = [key, other].filter((one) => isGiven([...path, one]));
      if (given.length === 1) return [];
      const expected = `${key}, ${what}, or ${other}, ${orWhat}`;
      return given.length === 0
        ? [{ severity: "error", path: [...path, key], given: "nothing", expected, remedy: `write ${key}` }]
        : [
            {
              severity: "error",
              path: [...path, other],
              atKey: true,
              given: `${other} with ${key}`,
              expected: `${expected}: one of the two`,
              remedy: "remove one of them",
            },
          ];
    });
  });
}

/** Finds something wrong with a key of each peer. */
function eachPeer<Key extends keyof Peer>(
  draft: MetallbDraft,
  key: Key,
  find: (value: NonNullable<Peer[Key]>, peer: Peer, path: Path) => Omit<Finding, "severity" | "path"> | undefined,
): Finding[] {
  return (draft.metallb?.peers ?? []).flatMap((peer, index): Finding[] => {
    const value = peer?.[key];
    if (peer === undefined || value === undefined) return [];
    const path = ["metallb", "peers", index];
    const finding = find(value, peer, path);
    return finding === undefined ? [] : [{ severity: "error", path: [...path, key], ...finding }];
  });
}

function repeatedNames(draft: MetallbDraft): Finding[] {
  return repeated(draft.metallb?.peers?.map((peer) => peer?.name) ?? []).map(({ value, index, firstIndex }) => ({
    severity: "error",
    path: ["metallb", "peers", index, "name"],
    given: JSON.stringify(value),
    expected: `a name that no other peer has: metallb.peers[${firstIndex}] has it too`,
    remedy: "give one of the two another name",
  }));
}

/** The first version that refuses two routers that are the same; upstream: Parse in internal/config/config.go. */
const refusesEqualsSince = "0.10.0";

/** From 0.13 on routers are objects, whose names differ. */
function equals({ metallb }: MetallbDraft): Finding[] {
  const { version, bgpType = "native", peers = [] } = metallb ?? {};
  if (version === undefined || usesCustomResources(version) || isOlder(version, refusesEqualsSince)) return [];
  const said = (peer: Peer) => ({ ...peer, holdTime: durationSeconds(holdTimeOf(peer, { version, bgpType }) ?? "0s") });
  return repeated(peers, (peer) => JSON.stringify(Object.entries(said(peer)).sort())).map(({ index, firstIndex }) => ({
    severity: "error",
    path: ["metallb", "peers", index],
    given: `the same as metallb.peers[${firstIndex}]`,
    expected: `each router once: MetalLB ${version} refuses a repetition`,
    remedy: "remove one of the two",
  }));
}

const holdTimeBounds = { minimum: 3, maximum: 65535 } as const;

/** RFC 4271: no hold time of 1 or 2 seconds, and 16 bits for it; 0 for a session that is held whatever happens. */
const holdTimes = (draft: MetallbDraft) =>
  eachPeer(draft, "holdTime", (holdTime) => {
    const seconds = durationSeconds(holdTime);
    const version = draft.metallb?.version;
    if (seconds === 0 && version !== undefined && usesCustomResources(version) && isOlder(version, zeroIsZeroSince)) {
      return {
        given: JSON.stringify(holdTime),
        expected: `no 0s with MetalLB ${version}, which takes it for its default, 90s`,
        remedy: "remove the key, or set metallb.version: 0.14.9",
      };
    }
    if (seconds === 0 || (seconds >= holdTimeBounds.minimum && seconds <= holdTimeBounds.maximum)) return undefined;
    return {
      given: JSON.stringify(holdTime),
      expected: "a hold time from 3s to 65535s, or 0s for none, as BGP has it (RFC 4271)",
      remedy: "write for example 90s, or remove the key for the default",
    };
  });

/** internal/config/config.go of 0.13 to 0.14.8: `if holdTime == 0`. Those before and after take it at its word. */
const zeroIsZeroSince = "0.14.9";

const keepaliveTimes = (draft: MetallbDraft, isGiven: IsGiven) =>
  eachPeer(draft, "keepaliveTime", (keepaliveTime, peer, path) => {
    const { version, bgpType } = draft.metallb ?? {};
    if (version === undefined || bgpType === undefined) return undefined;
    // One that is not valid is missing in the draft.
    if (peer.holdTime === undefined && isGiven([...path, "holdTime"])) return undefined;
    const holdTime = holdTimeOf(peer, { version, bgpType });
    const seconds = durationSeconds(keepaliveTime);
    const given = JSON.stringify(keepaliveTime);
    if (holdTime === undefined) {
      const maximum = Math.floor(holdTimeBounds.maximum / 3);
      if (seconds <= maximum) return undefined;
      return {
        given,
        expected: `at most ${maximum}s: without holdTime MetalLB holds three times as long, and BGP at most 65535s`,
        remedy: "write a shorter time, or holdTime too",
      };
    }
    if (seconds <= durationSeconds(holdTime)) return undefined;
    return {
      given,
      expected: `at most the hold time, ${holdTime}`,
      remedy: "write a third of the hold time, or remove the key for that default",
    };
  });

const connectTimes = (draft: MetallbDraft) =>
  eachPeer(draft, "connectTime", (connectTime) =>
    durationSeconds(connectTime) <= holdTimeBounds.maximum
      ? undefined
      : {
          given: JSON.stringify(connectTime),
          expected: "a time from 1s to 65535s, as MetalLB's BGPPeer has it",
          remedy: "write for example 60s, or remove the key for FRR's default",
        },
  );

const multiHops = (draft: MetallbDraft) =>
  eachPeer(draft, "ebgpMultiHop", (multiHop, { myASN, peerASN }) =>
    !multiHop || myASN === undefined || myASN !== peerASN
      ? undefined
      : {
          given: `true with myASN and peerASN ${myASN}`,
          expected: "ebgpMultiHop only for a router of another AS: a session within one AS may have any number of hops",
          remedy: "remove the key",
        },
  );

const highestPort = 16384;

/** The CustomResourceDefinition's maximum. Versions before 0.13 take every port. */
function ports(draft: MetallbDraft): Finding[] {
  const version = draft.metallb?.version;
  if (version === undefined || !usesCustomResources(version)) return [];
  return eachPeer(draft, "peerPort", (peerPort) =>
    peerPort <= highestPort
      ? undefined
      : {
          given: String(peerPort),
          expected: `a port of at most ${highestPort}, as MetalLB's BGPPeer has it`,
          remedy: "let the router listen on such a port, 179 for example",
        },
  );
}

function bfdProfiles(draft: MetallbDraft): Finding[] {
  const profiles = draft.metallb?.bfdProfiles;
  if (profiles?.some((profile) => profile?.name === undefined) !== false) return [];
  const names = profiles.map((profile) => profile?.name);
  return eachPeer(draft, "bfdProfile", (name) =>
    names.includes(name)
      ? undefined
      : {
          given: JSON.stringify(name),
          expected: `a name from metallb.bfdProfiles (${names.join(", ") || "there is none"})`,
          remedy: "define the profile there, or remove the key",
        },
  );
}

/** The first version that compares only peers that have a node in common; upstream: checkFRRPeersCompatible. */
const comparesByNodeSince = "0.16.0";

/** What FRR cannot do for two peers of one node; upstream: DiscardNativeOnly. */
function besideEachOther({ metallb, nodes = [] }: MetallbDraft): Finding[] {
  const { version, bgpType } = metallb ?? {};
  if (!isByFrr(bgpType) || version === undefined || !usesCustomResources(version)) return [];
  const peers = metallb?.peers ?? [];
  const byNode = isSince(version, comparesByNodeSince);
  const apart = ({ nodeSelectors: one }: Peer, { nodeSelectors: other }: Peer) =>
    one === undefined || other === undefined || (byNode && !shareNode(one, other, nodes));
  return peers.flatMap((peer, index): Finding[] =>
    peers.slice(0, index).flatMap((other, otherIndex): Finding[] => {
      if (peer === undefined || other === undefined || apart(peer, other)) return [];
      const difference = incompatible(peer, other, { otherPlace: `metallb.peers[${otherIndex}]`, byNode, bgpType });
      return difference === undefined
        ? []
        : [{ severity: "error", ...difference, path: ["metallb", "peers", index, ...difference.path] }];
    }),
  );
}

interface Beside {
  readonly otherPlace: string;
  readonly byNode: boolean;
  readonly bgpType: BgpType | undefined;
}

function incompatible(
  peer: Peer,
  other: Peer,
  { otherPlace, byNode, bgpType }: Beside,
): Omit<Finding, "severity"> | undefined {
  const everyPeer = byNode ? "every peer of a node" : "every peer";
  const orApart = byNode ? ", or nodeSelectors that have no node in common" : "";
  if (peer.routerID !== other.routerID) {
    return {
      path: ["routerID"],
      given: peer.routerID ?? "nothing",
      expected: `the router id of ${otherPlace}, ${other.routerID ?? "none"}: with bgpType: ${bgpType} ${everyPeer} has the same`,
      remedy: `write the same routerID for every peer, or for none${orApart}`,
    };
  }
  if (peer.vrf !== other.vrf) return undefined;
  if (peer.interface !== undefined && peer.interface === other.interface) {
    return {
      path: ["interface"],
      given: JSON.stringify(peer.interface),
      expected: `an interface that no other peer of the same VRF has${byNode ? " on the same node" : ""}: ${otherPlace} has it too, which FRR does not do`,
      remedy: `remove one of the two, or set another vrf${orApart}`,
    };
  }
  if (peer.peerAddress !== undefined && peer.peerAddress === other.peerAddress) {
    return {
      path: ["peerAddress"],
      given: JSON.stringify(peer.peerAddress),
      expected: `an address that no other peer of the same VRF has${byNode ? " on the same node" : ""}: ${otherPlace} has it too, which FRR does not do`,
      remedy: `remove one of the two, or set another vrf${orApart}`,
    };
  }
  if (peer.myASN === undefined || other.myASN === undefined || peer.myASN === other.myASN) return undefined;
  return {
    path: ["myASN"],
    given: String(peer.myASN),
    expected: `the AS number of ${otherPlace}, ${other.myASN}: with bgpType: ${bgpType} ${everyPeer}${byNode ? " and" : " of a"} VRF has the same myASN`,
    remedy: `write the same myASN, or set another vrf${orApart}${bgpType === "frr" ? "; from MetalLB 0.16.2 on localASN shows a router another one" : ""}`,
  };
}
