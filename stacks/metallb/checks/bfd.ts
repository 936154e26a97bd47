import type { MetallbDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import { isAnnouncedBy } from "../pools/protocols";
import { peerNames } from "../pools/peer-names";
import { readPoolRanges } from "./pool-ranges";
import { repeated } from "../../../values/repeated";

/** BFD profiles: their names, and echo packets, which FRR has for IPv4 only (upstream: validateConfig). */
export function checkBfd(draft: MetallbDraft): Finding[] {
  return [...repeatedNames(draft), ...echoWithIPv6(draft)];
}

function repeatedNames(draft: MetallbDraft): Finding[] {
  const names = draft.metallb?.bfdProfiles?.map((profile) => profile?.name) ?? [];
  return repeated(names).map(({ value, index, firstIndex }) => ({
    severity: "error",
    path: ["metallb", "bfdProfiles", index, "name"],
    given: JSON.stringify(value),
    expected: `a name that no other profile has: metallb.bfdProfiles[${firstIndex}] has it too`,
    remedy: "give one of the two another name",
  }));
}

function echoWithIPv6(draft: MetallbDraft): Finding[] {
  const { peers = [], bfdProfiles = [], pools = [] } = draft.metallb ?? {};
  const names = peerNames(peers);
  const ipv6 = readPoolRanges(draft).ranges.filter(
    ({ range, poolIndex }) => range.family === 6 && isAnnouncedBy(pools[poolIndex], "bgp"),
  );
  return bfdProfiles.flatMap((profile, index): Finding[] => {
    if (profile?.echoMode !== true) return [];
    const echoing = names.filter((_, peer) => profile.name !== undefined && peers[peer]?.bfdProfile === profile.name);
    const pool = ipv6.find(({ poolIndex }) => {
      const advertisements = pools[poolIndex]?.bgpAdvertisements ?? [];
      const targets = advertisements.length === 0 ? [[]] : advertisements.map((one) => one?.peers ?? []);
      return targets.some((to) => echoing.some((name) => to.length === 0 || to.includes(name)));
    });
    if (pool === undefined) return [];
    return [
      {
        severity: "error",
        path: ["metallb", "bfdProfiles", index, "echoMode"],
        given: `true, for a peer that ${pool.pool} is announced to`,
        expected: `no echo packets beside IPv6 addresses such as ${JSON.stringify(pool.text)}: MetalLB refuses them`,
        remedy: "remove the key, or announce the pool to other peers",
      },
    ];
  });
}
