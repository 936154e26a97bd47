import type { Finding } from "../../../values/problem";
import type { MetallbDraft } from "../draft";
import { frrImageRegistry } from "../release/image-registry";
import type { IsGiven } from "../../../values/draft";

/** Where FRR's image comes from: upstream has it in another organisation than MetalLB's. */
export function checkImages({ metallb }: MetallbDraft, isGiven: IsGiven): Finding[] {
  const { bgpType, imageRegistry } = metallb ?? {};
  if (bgpType !== "frr" || imageRegistry === undefined || isGiven(["metallb", "frrImageRegistry"])) return [];
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
