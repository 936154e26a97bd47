import type { IsGiven } from "../../../values/draft";
import type { Finding } from "../../../values/problem";
import type { MetallbDraft } from "../draft";
import { upstreamPath } from "../release/manifest";
import { isKnown, metallbVersions, releaseOf } from "../release/releases";
import { otherPatches } from "../schema/version";

const versionPath = ["metallb", "version"];
const hashPath = ["metallb", "manifestSHA256"];

/** A version that is not in the table of releases, without the hash of its manifest. */
export function checkPinned({ metallb }: MetallbDraft, isGiven: IsGiven): Finding[] {
  const version = metallb?.version;
  if (version === undefined || isKnown(version) || isGiven(hashPath)) return [];
  return [
    {
      severity: "error",
      path: versionPath,
      given: JSON.stringify(version),
      expected: `one of ${metallbVersions.join(", ")}, or ${otherPatches}`,
      remedy: "choose one of them, or add metallb.manifestSHA256, which npx baremetal-lb manifest tells",
    },
  ];
}

/** Another hash than the table's, for a version that the table has. The same one may stand there. */
export function checkManifestHash({ metallb }: MetallbDraft): Finding[] {
  const { version, bgpType, manifestSHA256: given } = metallb ?? {};
  if (version === undefined || bgpType === undefined || given === undefined || !isKnown(version)) return [];
  const known = releaseOf(version).manifests?.[bgpType];
  if (known === undefined || known === given) return [];
  return [
    {
      severity: "error",
      path: hashPath,
      given: `${given} with version: ${version}`,
      expected: `${known}, that of upstream's ${upstreamPath({ bgpType })} of MetalLB v${version}: by this version the stacks mean that manifest, which they were compared with`,
      remedy:
        "remove the key; images of your own go into metallb.images, and a manifest of your own needs a version that is none of the known ones",
    },
  ];
}
