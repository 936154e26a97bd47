import { longestPrefix, shortestPrefix } from "../../../values/address-ranges";
import type { MetallbDraft } from "../draft";
import { announcementKeys, announcingProtocols, isAnnouncedBy } from "../pools/protocols";
import { peerNames } from "../pools/peer-names";
import { usesCustomResources } from "../release/releases";
import type { IsGiven } from "../../../values/draft";
import type { Finding, Path } from "../../../values/problem";
import { repeated } from "../../../values/repeated";
import { isOlder, isSince } from "../../../values/versions";

type Pool = NonNullable<NonNullable<NonNullable<MetallbDraft["metallb"]>["pools"]>[number]>;
type Advertisement = NonNullable<NonNullable<Pool["bgpAdvertisements"]>[number]>;

/** How pools are announced, by the rules of MetalLB's internal/config/config.go. */
export function checkAdvertisements(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  return (draft.metallb?.pools ?? []).flatMap((pool, index): Finding[] => {
    if (pool === undefined) return [];
    const path = ["metallb", "pools", index];
    return [
      ...notAnnounced(draft, pool, path),
      ...otherProtocol(draft, pool, path, isGiven),
      ...(isAnnouncedBy(pool, "bgp") ? checkBgpAdvertisements(draft, pool, [...path, "bgpAdvertisements"]) : []),
    ];
  });
}

/** A pool of protocol none: from 0.13 on, and without announcements. */
function notAnnounced({ metallb }: MetallbDraft, pool: Pool, path: Path): Finding[] {
  const version = metallb?.version;
  if (pool.protocol !== "none" || version === undefined) return [];
  if (!usesCustomResources(version)) {
    return [
      {
        severity: "error",
        path: [...path, "protocol"],
        given: `none with version: ${version}`,
        expected: `layer2 or bgp: MetalLB ${version} announces every pool`,
        remedy: "write one of them, or set metallb.version: 0.13.12 or newer",
      },
    ];
  }
  return Object.values(announcementKeys)
    .filter((key) => (pool[key]?.length ?? 0) > 0)
    .map((key) => ({
      severity: "error",
      path: [...path, key],
      given: `${key} with protocol: none`,
      expected: "no announcements of a pool that something else announces",
      remedy: `remove ${key}, or set protocol: ${protocolOf(key)}`,
    }));
}

const protocolOf = (key: string): string =>
  announcingProtocols.find((protocol) => announcementKeys[protocol] === key) ?? "";

/**
 * Announcements of the other protocol, which announce the pool by both from 0.13 on. Where no protocol is written they stand
 * for one that was forgotten.
 */
function otherProtocol({ metallb }: MetallbDraft, pool: Pool, path: Path, isGiven: IsGiven): Finding[] {
  const { protocol } = pool;
  const version = metallb?.version;
  if (protocol === undefined || protocol === "none" || version === undefined) return [];
  const byBoth = usesCustomResources(version);
  if (byBoth && isGiven([...path, "protocol"])) return [];
  const other = protocol === "bgp" ? "layer2" : "bgp";
  const key = announcementKeys[other];
  if ((pool[key]?.length ?? 0) === 0) return [];
  return [
    {
      severity: "error",
      path: [...path, key],
      given: `${key} with ${byBoth ? "no protocol" : `protocol: ${protocol}`}`,
      expected: `${key} with protocol: ${other}${byBoth ? `, or with protocol: ${protocol} where the pool is announced by both` : " only"}`,
      remedy: byBoth ? "write protocol" : `remove ${key}, or set protocol: ${other}`,
    },
  ];
}

function checkBgpAdvertisements(draft: MetallbDraft, pool: Pool, path: Path): Finding[] {
  const advertisements = pool.bgpAdvertisements ?? [];
  const ofEach = advertisements.flatMap((advertisement, index): Finding[] => {
    if (advertisement === undefined) return [];
    const place = [...path, index];
    return [
      ...aggregation(draft, pool, advertisement, place),
      ...aggregationOfSelected(advertisement, place),
      ...unknownPeers(draft, advertisement, place),
      ...repetitions(draft, advertisement, place),
      ...routeAttributes(draft, pool, index, place),
    ];
  });
  return [...ofEach, ...equals(draft, advertisements, path)];
}

const lengths = { 4: "aggregationLength", 6: "aggregationLengthV6" } as const;

/** The first version that compares the largest network of a range; upstream: lowestMask in internal/config/config.go. */
const comparesLargestSince = "0.12.0";

/**
 * A network that is smaller than what is announced for it would announce addresses outside of the pool. Older versions
 * compare every network that a range falls into, later ones the largest one of each range.
 */
function aggregation(draft: MetallbDraft, pool: Pool, advertisement: Advertisement, path: Path): Finding[] {
  const version = draft.metallb?.version;
  const ofLargest = version !== undefined && isSince(version, comparesLargestSince);
  const prefixes = (pool.addresses ?? []).flatMap((range) =>
    range === undefined ? [] : [{ ...range, length: (ofLargest ? shortestPrefix : longestPrefix)(range) }],
  );
  return ([4, 6] as const).flatMap((family): Finding[] => {
    const key = lengths[family];
    const length = advertisement[key];
    const own = prefixes.filter((prefix) => prefix.family === family);
    const wrong = own.find((prefix) => length !== undefined && prefix.length > length);
    if (length === undefined || wrong === undefined) return [];
    const networks = ofLargest
      ? `the largest network in ${JSON.stringify(wrong.text)} is a /${wrong.length}, and MetalLB`
      : `MetalLB splits ${JSON.stringify(wrong.text)} into networks as small as /${wrong.length}, and`;
    return [
      {
        severity: "error",
        path: [...path, key],
        given: String(length),
        expected: `at least ${Math.max(...own.map((prefix) => prefix.length))}: ${networks} announces none beyond a pool's own addresses`,
        remedy: `raise ${key}, or make the pool of whole networks of that length`,
      },
    ];
  });
}

/** Of Services that share an announced prefix, some could be selected and some not. */
function aggregationOfSelected(advertisement: Advertisement, path: Path): Finding[] {
  if ((advertisement.serviceSelectors?.length ?? 0) === 0) return [];
  const single = { 4: 32, 6: 128 } as const;
  return ([4, 6] as const).flatMap((family): Finding[] => {
    const key = lengths[family];
    const length = advertisement[key];
    if (length === undefined || length === single[family]) return [];
    return [
      {
        severity: "error",
        path: [...path, key],
        given: `${length} with serviceSelectors`,
        expected: `${single[family]}, each address for itself, where Services are selected`,
        remedy: `remove ${key} or serviceSelectors`,
      },
    ];
  });
}

function unknownPeers(draft: MetallbDraft, advertisement: Advertisement, path: Path): Finding[] {
  const peers = draft.metallb?.peers;
  const names = peerNames(peers ?? []);
  if (peers === undefined || names.includes(undefined)) return [];
  return (advertisement.peers ?? []).flatMap((name, index): Finding[] =>
    name === undefined || names.includes(name)
      ? []
      : [
          {
            severity: "error",
            path: [...path, "peers", index],
            given: JSON.stringify(name),
            expected: `the name of a router in metallb.peers (${names.join(", ") || "there is none"})`,
            remedy: "write one of those names, or give the router this name",
          },
        ],
  );
}

/** The first version that refuses what is said twice; upstream: validateDuplicate… in internal/config/config.go. */
const refusesRepetitionsSince = "0.12.0";

function repetitions(draft: MetallbDraft, advertisement: Advertisement, path: Path): Finding[] {
  const version = draft.metallb?.version;
  if (version === undefined || isOlder(version, refusesRepetitionsSince)) return [];
  return (["peers", "communities"] as const).flatMap((key) =>
    repeated(advertisement[key] ?? []).map(({ value, index }) => ({
      severity: "error",
      path: [...path, key, index],
      given: `${JSON.stringify(value)} a second time`,
      expected: "each one once: MetalLB refuses a repetition",
      remedy: "remove one of the two",
    })),
  );
}

/** 0.12 refuses two announcements of a pool that say the same. Later ones are objects, which have names. */
function equals(draft: MetallbDraft, advertisements: readonly (Advertisement | undefined)[], path: Path): Finding[] {
  const version = draft.metallb?.version;
  if (version === undefined || usesCustomResources(version) || isOlder(version, refusesRepetitionsSince)) return [];
  return repeated(advertisements, (one) => JSON.stringify(Object.entries(one).sort())).map(({ index, firstIndex }) => ({
    severity: "error",
    path: [...path, index],
    given: `the same as number ${firstIndex + 1} of the list`,
    expected: `each announcement once: MetalLB ${version} refuses a repetition`,
    remedy: "remove one of the two",
  }));
}

/** What a route has once. Upstream: validateBGPAdvPerPool in internal/config/config.go. */
const attributes = { localPref: "local preference", asPathPrepend: "asPathPrepend" } as const;

/** One route cannot have two local preferences, or two lengths of its path. What nodes a selector has is not known here. */
function routeAttributes(draft: MetallbDraft, pool: Pool, index: number, path: Path): Finding[] {
  const version = draft.metallb?.version;
  const advertisements = pool.bgpAdvertisements ?? [];
  const advertisement = advertisements[index];
  if (version === undefined || !usesCustomResources(version) || advertisement === undefined) return [];
  const selects = ({ nodeSelectors = [], serviceSelectors = [] }: Advertisement) =>
    nodeSelectors.length + serviceSelectors.length > 0;
  const announcesTheSame = (other: Advertisement) =>
    !selects(advertisement) &&
    !selects(other) &&
    sameLengths(advertisement, other, isSince(version, "0.15.0") ? familiesOf(pool) : [4, 6]) &&
    sharePeers(advertisement.peers ?? [], other.peers ?? []);
  return (["localPref", "asPathPrepend"] as const).flatMap((key): Finding[] => {
    const otherIndex = advertisements
      .slice(0, index)
      .findIndex(
        (other) => other !== undefined && (other[key] ?? 0) !== (advertisement[key] ?? 0) && announcesTheSame(other),
      );
    if (otherIndex < 0) return [];
    const other = advertisements[otherIndex]?.[key] ?? 0;
    return [
      {
        severity: "error",
        path: [...path, key],
        given: String(advertisement[key] ?? "nothing"),
        expected: `the ${attributes[key]} of number ${otherIndex + 1} of the list, ${other}, which announces the same routes to the same peers`,
        remedy: `write the same ${key}, or another aggregation length or other peers`,
      },
    ];
  });
}

const familiesOf = (pool: Pool): (4 | 6)[] => (pool.addresses ?? []).flatMap((range) => range?.family ?? []);

/** MetalLB takes two announcements of a pool for different ones if every length of its families differs. */
const sameLengths = (a: Advertisement, b: Advertisement, families: readonly (4 | 6)[]) =>
  families.some((family) => a[lengths[family]] === b[lengths[family]]);

const sharePeers = (a: readonly unknown[], b: readonly unknown[]) =>
  a.length === 0 || b.length === 0 || a.some((name) => b.includes(name));
