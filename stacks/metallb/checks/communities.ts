import type { MetallbDraft } from "../draft";
import { usesCustomResources } from "../release/releases";
import type { Finding, Path } from "../../../values/problem";
import { frrMissing } from "./features";

const form = "two numbers from 0 to 65535, joined by a colon";
const largeForm = '"large:" and three numbers from 0 to 4294967295';

/** BGP communities in the forms that MetalLB reads, or by a name that is defined. */
export function checkCommunities(draft: MetallbDraft): Finding[] {
  return [...definitions(draft), ...uses(draft)];
}

const areNumbers = (parts: readonly string[], maximum: number) =>
  parts.every((part) => /^\d{1,10}$/.test(part) && Number(part) <= maximum);

function kindOf(text: string): "plain" | "large" | undefined {
  const [first, ...rest] = text.split(":");
  if (first === "large") return rest.length === 3 && areNumbers(rest, 4294967295) ? "large" : undefined;
  return rest.length === 1 && areNumbers([first ?? "", ...rest], 65535) ? "plain" : undefined;
}

/** What versions with large communities say of the forms. */
function formsOf(draft: MetallbDraft): string {
  const version = draft.metallb?.version;
  return version !== undefined && usesCustomResources(version) ? `${form}, or ${largeForm}` : form;
}

/** A large community where there are none. */
function large(draft: MetallbDraft, text: string, path: Path): Finding[] {
  const missing = frrMissing(draft);
  if (missing === undefined) return [];
  return [
    {
      severity: "error",
      path,
      given: JSON.stringify(text),
      expected: `${form}; for a large community ${missing.expected}`,
      remedy: `write it like "65535:65281", ${missing.remedy}`,
    },
  ];
}

function definitions(draft: MetallbDraft): Finding[] {
  return Object.entries(draft.metallb?.bgpCommunities ?? {}).flatMap(([name, value]): Finding[] => {
    if (value === undefined) return [];
    const path = ["metallb", "bgpCommunities", name];
    const kind = kindOf(value);
    if (kind !== undefined) return kind === "large" ? large(draft, value, path) : [];
    return [
      {
        severity: "error",
        path,
        given: JSON.stringify(value),
        expected: formsOf(draft),
        remedy: 'write it like "65535:65281"',
      },
    ];
  });
}

function uses(draft: MetallbDraft): Finding[] {
  const names = draft.metallb?.bgpCommunities;
  if (names === undefined) return [];
  return (draft.metallb?.pools ?? []).flatMap((pool, poolIndex) =>
    (pool?.bgpAdvertisements ?? []).flatMap((advertisement, index) =>
      (advertisement?.communities ?? []).flatMap((community, place): Finding[] => {
        if (community === undefined || Object.hasOwn(names, community)) return [];
        const path = ["metallb", "pools", poolIndex, "bgpAdvertisements", index, "communities", place];
        const kind = kindOf(community);
        if (kind !== undefined) return kind === "large" ? large(draft, community, path) : [];
        return [
          {
            severity: "error",
            path,
            given: JSON.stringify(community),
            expected: `${formsOf(draft)}, or a name from metallb.bgpCommunities (${Object.keys(names).join(", ") || "there is none"})`,
            remedy: `write it like "65535:65282", or define the name in metallb.bgpCommunities`,
          },
        ];
      }),
    ),
  );
}
