import { isRange, longestPrefix, parseRange } from "../address-ranges";
import type { ClusterDraft } from "../draft";
import { durationSeconds } from "../durations";
import type { Finding, Path } from "../problem";
import { readPoolRanges } from "./pool-ranges";

/** BGP pools, their announcements and their routers, by the rules of MetalLB 0.9 (internal/config/config.go). */
export function checkBgp(draft: ClusterDraft): Finding[] {
  return [
    ...missingPeers(draft),
    ...holdTimes(draft),
    ...advertisementsInLayer2(draft),
    ...ipv6Ranges(draft),
    ...aggregation(draft),
  ];
}

type Pool = NonNullable<NonNullable<NonNullable<ClusterDraft["metallb"]>["pools"]>[number]>;

/** Does something for each pool of a protocol. */
function eachPool(draft: ClusterDraft, protocol: Pool["protocol"], make: (pool: Pool, path: Path) => Finding[]) {
  return (draft.metallb?.pools ?? []).flatMap((pool, index) =>
    pool !== undefined && pool.protocol === protocol ? make(pool, ["metallb", "pools", index]) : [],
  );
}

function missingPeers(draft: ClusterDraft): Finding[] {
  if (draft.metallb?.peers?.length !== 0) return [];
  const bgp = draft.metallb.pools?.filter((pool) => pool?.protocol === "bgp") ?? [];
  if (bgp.length === 0) return [];
  return [
    {
      severity: "error",
      path: ["metallb", "peers"],
      given: "no router",
      expected: `at least one router to announce to, since a pool has protocol: bgp (${bgp.map((pool) => pool?.name ?? "unnamed").join(", ")})`,
      remedy: "add the router's peerAddress, peerASN and myASN to metallb.peers, or set protocol: layer2",
    },
  ];
}

const holdTimeBounds = { minimum: 3, maximum: 65535 } as const;

/** RFC 4271: no hold time of 1 or 2 seconds, and 16 bits for it. */
function holdTimes(draft: ClusterDraft): Finding[] {
  return (draft.metallb?.peers ?? []).flatMap((peer, index): Finding[] => {
    const holdTime = peer?.holdTime;
    if (holdTime === undefined) return [];
    const seconds = durationSeconds(holdTime);
    if (seconds >= holdTimeBounds.minimum && seconds <= holdTimeBounds.maximum) return [];
    return [
      {
        severity: "error",
        path: ["metallb", "peers", index, "holdTime"],
        given: JSON.stringify(holdTime),
        expected: "a hold time from 3s to 65535s, as BGP has it (RFC 4271)",
        remedy: "write for example 90s, or remove the key for that default",
      },
    ];
  });
}

function advertisementsInLayer2(draft: ClusterDraft): Finding[] {
  return eachPool(draft, "layer2", (pool, path): Finding[] =>
    (pool.bgpAdvertisements?.length ?? 0) === 0
      ? []
      : [
          {
            severity: "error",
            path: [...path, "bgpAdvertisements"],
            given: "bgpAdvertisements with protocol: layer2",
            expected: "bgpAdvertisements with protocol: bgp only",
            remedy: "remove bgpAdvertisements, or set protocol: bgp",
          },
        ],
  );
}

/** internal/bgp/bgp.go: "cannot advertise non-v4 prefix". */
function ipv6Ranges(draft: ClusterDraft): Finding[] {
  return readPoolRanges(draft)
    .ranges.filter(
      ({ range, poolIndex }) => range.family === 6 && draft.metallb?.pools?.[poolIndex]?.protocol === "bgp",
    )
    .map(({ text, path, pool }) => ({
      severity: "error",
      path,
      given: `${JSON.stringify(text)} in ${pool}`,
      expected: "IPv4 addresses: MetalLB 0.9 announces no others by BGP",
      remedy: "remove the range, or move it to a pool with protocol: layer2",
    }));
}

/** A network that is smaller than what is announced for it would announce addresses outside the pool. */
function aggregation(draft: ClusterDraft): Finding[] {
  return eachPool(draft, "bgp", (pool, path) => {
    const prefixes = (pool.addresses ?? []).flatMap((text) => {
      const range = text === undefined ? undefined : parseRange(text);
      return range !== undefined && isRange(range) && range.family === 4
        ? [{ text, length: longestPrefix(range) }]
        : [];
    });
    return (pool.bgpAdvertisements ?? []).flatMap((advertisement, index): Finding[] => {
      const length = advertisement?.aggregationLength;
      const smallest = prefixes.find((prefix) => length !== undefined && prefix.length > length);
      if (length === undefined || smallest === undefined) return [];
      return [
        {
          severity: "error",
          path: [...path, "bgpAdvertisements", index, "aggregationLength"],
          given: String(length),
          expected: `at least ${Math.max(...prefixes.map((prefix) => prefix.length))}: MetalLB splits ${JSON.stringify(smallest.text)} into networks as small as /${smallest.length}, and announces none beyond a pool's own addresses`,
          remedy: "raise aggregationLength, or make the pool of whole networks of that length",
        },
      ];
    });
  });
}
