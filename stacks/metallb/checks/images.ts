import type { Finding } from "../../../values/problem";
import type { MetallbDraft } from "../draft";
import { components } from "../release/component";
import { frrImageRegistry } from "../release/images";
import type { IsGiven } from "../../../values/draft";

/** Where images come from, and what tells their version. */
export function checkImages(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  return [...registryOfFrr(draft, isGiven), ...tags(draft), ...digestsAlone(draft, isGiven)];
}

/** Where FRR's image comes from: upstream has it in another organisation than MetalLB's. */
function registryOfFrr({ metallb }: MetallbDraft, isGiven: IsGiven): Finding[] {
  const { bgpType, imageRegistry, images } = metallb ?? {};
  if (bgpType !== "frr" || imageRegistry === undefined || isGiven(["metallb", "frrImageRegistry"])) return [];
  if (images?.frr?.repository !== undefined) return [];
  const ofFrr = frrImageRegistry({ imageRegistry });
  if (ofFrr === imageRegistry) return [];
  return [
    {
      severity: "warning",
      path: ["metallb", "imageRegistry"],
      given: JSON.stringify(imageRegistry),
      expected: `metallb.frrImageRegistry beside it: upstream's image frr is not MetalLB's, so it is taken from ${ofFrr}/frr, as upstream's paths are`,
      remedy: `write frrImageRegistry: ${ofFrr}, or where the mirror has the image instead, ${imageRegistry} for example`,
    },
  ];
}

/** The tag is what verify and upgrade tell the version by, of an image that runs. */
function tags({ metallb }: MetallbDraft): Finding[] {
  const { version, images } = metallb ?? {};
  return components.flatMap((component): Finding[] => {
    const { tag, digest } = images?.[component] ?? {};
    if (version === undefined || tag === undefined || isOfVersion(tag, version)) return [];
    return [
      {
        severity: "error",
        path: ["metallb", "images", component, "tag"],
        given: `${JSON.stringify(tag)} with version: ${version}`,
        expected: `a tag that is or begins with v${version}, by which verify and upgrade tell the version`,
        remedy:
          digest === undefined
            ? `write v${version}, or v${version} with more behind a hyphen; an image of another tag by its digest, with tag: v${version} beside`
            : `write v${version}, and the digest of that version: by the one beside it nodes would go on with the image of another`,
      },
    ];
  });
}

const isOfVersion = (tag: string, version: string): boolean =>
  tag === `v${version}` || (tag.startsWith(`v${version}`) && /^[-_.]/.test(tag.slice(version.length + 1)));

/** A digest that an upgrade leaves behind would keep the old program under the new one's name. */
function digestsAlone({ metallb }: MetallbDraft, isGiven: IsGiven): Finding[] {
  const { version, images } = metallb ?? {};
  return ([...components, "frr"] as const).flatMap((name): Finding[] => {
    const path = ["metallb", "images", name];
    if (images?.[name]?.digest === undefined || isGiven([...path, "tag"])) return [];
    return [
      {
        severity: "error",
        path: [...path, "digest"],
        given: "a digest without a tag",
        expected: "the tag beside it that it is the digest of: so a digest that is left behind by an upgrade is seen",
        remedy: name === "frr" || version === undefined ? "write tag, too" : `write tag: v${version}, too`,
      },
    ];
  });
}
