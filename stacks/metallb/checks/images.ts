import type { Finding } from "../../../values/problem";
import type { MetallbDraft } from "../draft";
import { components } from "../release/component";
import { isTagOf } from "../release/image-parts";
import { frrImageRegistry } from "../release/images";
import { isByFrr, type MetallbVersion, newestPatch } from "../release/releases";
import { isSince } from "../../../values/versions";
import type { IsGiven } from "../../../values/draft";

/** Where images come from, and what tells their version. */
export function checkImages(draft: MetallbDraft, isGiven: IsGiven): Finding[] {
  return [
    ...imagesAsRegistries(draft),
    ...registryOfFrr(draft, isGiven),
    ...goneProxy(draft),
    ...tags(draft),
    ...digestsAlone(draft, isGiven),
  ];
}

/** The programs' own names behind the path, where the name of an image comes once more. */
function imagesAsRegistries({ metallb }: MetallbDraft): Finding[] {
  const keys = { imageRegistry: components, frrImageRegistry: ["frr"] } as const;
  return (["imageRegistry", "frrImageRegistry"] as const).flatMap((key): Finding[] => {
    const given = metallb?.[key];
    const name = keys[key].find((one) => given?.endsWith(`/${one}`));
    if (given === undefined || name === undefined) return [];
    return [
      {
        severity: "warning",
        path: ["metallb", key],
        given: JSON.stringify(given),
        expected: `a registry and path without the image's name: the image would be ${given}/${keys[key].at(-1)}`,
        remedy: `write ${given.slice(0, -name.length - 1)}`,
      },
    ];
  });
}

/** The first version whose frr-k8s serves its metrics itself; upstream: metallb#2979. */
const withoutProxySince: MetallbVersion = "0.16.0";

/** Upstream's manifests take it from where it is not any more since March 2025; kubebuilder's discussion 3907. */
function goneProxy({ metallb }: MetallbDraft): Finding[] {
  const { version, bgpType, images } = metallb ?? {};
  if (bgpType !== "frr-k8s" || version === undefined || isSince(version, withoutProxySince)) return [];
  if (images?.kubeRbacProxy?.repository !== undefined) return [];
  return [
    {
      severity: "warning",
      path: ["metallb", "bgpType"],
      given: `frr-k8s with version: ${version}`,
      expected:
        "metallb.images.kubeRbacProxy.repository beside it: upstream's manifest takes this image from gcr.io/kubebuilder/kube-rbac-proxy, which is not served any more, and without it no pod of frr-k8s gets ready",
      remedy: `write where it is, registry.k8s.io/kubebuilder/kube-rbac-proxy or a mirror of yours, or set metallb.version: ${newestPatch(withoutProxySince)}, which needs none`,
    },
  ];
}

/** Where FRR's image comes from: upstream has it in another organisation than MetalLB's. */
function registryOfFrr({ metallb }: MetallbDraft, isGiven: IsGiven): Finding[] {
  const { bgpType, imageRegistry, images } = metallb ?? {};
  if (!isByFrr(bgpType) || imageRegistry === undefined || isGiven(["metallb", "frrImageRegistry"])) return [];
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
    if (version === undefined || tag === undefined || isTagOf(tag, version)) return [];
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

/** Images whose versions are not MetalLB's. */
const othersImages = ["frr", "frrk8s", "kubeRbacProxy"] as const;

/** A digest that an upgrade leaves behind would keep the old program under the new one's name. */
function digestsAlone({ metallb }: MetallbDraft, isGiven: IsGiven): Finding[] {
  const { version, images } = metallb ?? {};
  return ([...components, ...othersImages] as const).flatMap((name): Finding[] => {
    const path = ["metallb", "images", name];
    if (images?.[name]?.digest === undefined || isGiven([...path, "tag"])) return [];
    return [
      {
        severity: "error",
        path: [...path, "digest"],
        given: "a digest without a tag",
        expected: "the tag beside it that it is the digest of: so a digest that is left behind by an upgrade is seen",
        remedy:
          version === undefined || othersImages.some((other) => other === name)
            ? "write tag, too"
            : `write tag: v${version}, too`,
      },
    ];
  });
}
