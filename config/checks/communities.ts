import type { ClusterDraft } from "../draft";
import type { Finding } from "../problem";

const form = "two numbers from 0 to 65535, joined by a colon";

/** BGP communities in the form that MetalLB 0.9 reads, or by a name that is defined. */
export function checkCommunities(draft: ClusterDraft): Finding[] {
  return [...definitions(draft), ...uses(draft)];
}

function isCommunity(text: string): boolean {
  const parts = text.split(":");
  return parts.length === 2 && parts.every((part) => /^\d{1,5}$/.test(part) && Number(part) <= 65535);
}

function definitions(draft: ClusterDraft): Finding[] {
  return Object.entries(draft.metallb?.bgpCommunities ?? {}).flatMap(([name, value]): Finding[] =>
    value === undefined || isCommunity(value)
      ? []
      : [
          {
            severity: "error",
            path: ["metallb", "bgpCommunities", name],
            given: JSON.stringify(value),
            expected: form,
            remedy: 'write it like "65535:65281"',
          },
        ],
  );
}

function uses(draft: ClusterDraft): Finding[] {
  const names = draft.metallb?.bgpCommunities;
  if (names === undefined) return [];
  return (draft.metallb?.pools ?? []).flatMap((pool, poolIndex) =>
    (pool?.bgpAdvertisements ?? []).flatMap((advertisement, index) =>
      (advertisement?.communities ?? []).flatMap((community, place): Finding[] =>
        community === undefined || isCommunity(community) || Object.hasOwn(names, community)
          ? []
          : [
              {
                severity: "error",
                path: ["metallb", "pools", poolIndex, "bgpAdvertisements", index, "communities", place],
                given: JSON.stringify(community),
                expected: `${form}, or a name from metallb.bgpCommunities (${Object.keys(names).join(", ") || "there is none"})`,
                remedy: `write it like "65535:65282", or define the name in metallb.bgpCommunities`,
              },
            ],
      ),
    ),
  );
}
