import type { MetallbDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import { usesCustomResources } from "../release/releases";
import { isAnnouncedBy } from "../pools/protocols";
import { frrMissing } from "./features";
import { readPoolRanges } from "./pool-ranges";
import { isSince } from "../../../values/versions";

/** BGP pools as a whole: that there is a router, and addresses that BGP can announce. */
export function checkBgp(draft: MetallbDraft): Finding[] {
  return [...missingPeers(draft), ...ipv6Ranges(draft), ...ipv6BesideBgp(draft)];
}

const bgpPools = (draft: MetallbDraft) => (draft.metallb?.pools ?? []).filter((pool) => isAnnouncedBy(pool, "bgp"));

function missingPeers(draft: MetallbDraft): Finding[] {
  if (draft.metallb?.peers?.length !== 0) return [];
  const { version } = draft.metallb;
  // Announcements of 0.9 in a pool of the other protocol are no pool for BGP, but a mistake of their own.
  const byProtocolAlone = version === undefined || !usesCustomResources(version);
  const bgp = bgpPools(draft).filter((pool) => pool?.protocol === "bgp" || !byProtocolAlone);
  if (bgp.length === 0) return [];
  return [
    {
      severity: "error",
      path: ["metallb", "peers"],
      given: "no router",
      expected: `at least one router to announce to, since a pool is announced by BGP (${bgp.map((pool) => pool?.name ?? "unnamed").join(", ")})`,
      remedy:
        "add the router's peerAddress, peerASN and myASN to metallb.peers, or take BGP away from the pool (protocol: layer2)",
    },
  ];
}

/** The IPv6 ranges of pools that BGP announces, or of the others. */
const ipv6In = (draft: MetallbDraft, { byBgp }: { readonly byBgp: boolean }) =>
  readPoolRanges(draft).ranges.filter(
    ({ range, poolIndex }) => range.family === 6 && isAnnouncedBy(draft.metallb?.pools?.[poolIndex], "bgp") === byBgp,
  );

/** internal/bgp/bgp.go of 0.9, "cannot advertise non-v4 prefix"; later findIPv6BGPAdvertisement, without FRR. */
function ipv6Ranges(draft: MetallbDraft): Finding[] {
  const missing = frrMissing(draft);
  if (missing === undefined) return [];
  return ipv6In(draft, { byBgp: true }).map(({ text, path, pool }) => ({
    severity: "error",
    path,
    given: `${JSON.stringify(text)} in ${pool}`,
    expected: `IPv4 addresses, or ${missing.expected}`,
    remedy: `move the range to a pool with protocol: layer2, ${missing.remedy}`,
  }));
}

/** 0.13 to 0.14.8 without FRR look at the pools that no BGP announces too; later versions at those that it announces. */
function ipv6BesideBgp(draft: MetallbDraft): Finding[] {
  const { version, bgpType } = draft.metallb ?? {};
  if (version === undefined || !usesCustomResources(version) || isSince(version, "0.14.9")) return [];
  if (bgpType !== "native" || bgpPools(draft).length === 0) return [];
  return ipv6In(draft, { byBgp: false }).map(({ text, path, pool }) => ({
    severity: "error",
    path,
    given: `${JSON.stringify(text)} in ${pool}`,
    expected: `no IPv6 addresses in any pool: MetalLB ${version} refuses them beside a pool with protocol: bgp`,
    remedy: "set metallb.version: 0.14.9 or newer, or metallb.bgpType: frr",
  }));
}
