import { supportOn } from "../../cluster/support";
import {
  type BgpType,
  bgpTypesIn,
  canBePinned,
  isKnown,
  type KnownVersion,
  metallbVersions,
  newestPatch,
  releaseOf,
  usesCustomResources,
} from "../../stacks/metallb/release/releases";
import { isSince } from "../../values/versions";
import type { Note, Written } from "./note";

/** The versions that gave no Service an address in the lab yet: lab/proven.ts, which a test compares. */
export const unprovenVersions: readonly KnownVersion[] = [];

const path = ["metallb", "version"];

/** The versions that run on a Kubernetes version; of one that is too old for the stacks, the oldest. */
const runningOn = (kubernetes: string): readonly KnownVersion[] =>
  supportOn(kubernetes)?.metallb ?? metallbVersions.slice(0, 1);

/** The version for a cluster that has no MetalLB: the newest that is proven, of those that run there. */
export function newVersion(kubernetes: string): KnownVersion {
  const proven = runningOn(kubernetes).filter((version) => !unprovenVersions.includes(version));
  return proven.at(-1) ?? "0.9.6";
}

/**
 * The version to declare where one runs: the same, or the nearest one that these stacks know, rather a newer one of the same
 * kind of configuration.
 * @param bgpType how it does BGP, which the one to declare can do as well
 */
export function declaredVersion(running: string, kubernetes: string, bgpType: BgpType): Written<KnownVersion> {
  const known = runningOn(kubernetes).filter((version) => bgpTypesIn(version).includes(bgpType));
  const same = known.find((version) => version === running);
  if (same !== undefined) return { value: same, notes: [{ path, text: "The one that runs.", quiet: true }] };
  if (!/^\d+\.\d+/.test(running)) {
    const text = `The image of MetalLB's controller has the tag ${running}, which tells no version: this is the newest one of the stacks.`;
    return { value: known.at(-1) ?? "0.9.6", notes: [{ path, text }] };
  }
  const newer = known.filter((version) => isSince(version, running));
  const [next] = newer;
  const value = next === undefined ? (known.at(-1) ?? "0.9.6") : newestPatch(next);
  const text =
    next !== undefined
      ? `MetalLB ${running} runs, which the stacks do not know${isKnown(running) ? ` with bgpType: ${bgpType}` : ""}: this is the newest patch of the next one that they do. npx baremetal-lb upgrade says what the move brings.${orStay(running)}`
      : `MetalLB ${running} runs, which is newer than the stacks know: this is the newest of theirs, and older. Do not deploy it over the one that runs.${orStay(running)}`;
  return { value, notes: [{ path, text }, ...otherFamily(running, value)] };
}

/** The way to declare the one that runs, where there is one. */
const orStay = (running: string): string =>
  canBePinned(running)
    ? ` To stay with ${running}, write it here: npx baremetal-lb manifest then tells the manifestSHA256 that it needs.`
    : "";

/** The first version that is configured by custom resources. */
const customResourcesSince = "0.13.0";

function otherFamily(running: string, declared: KnownVersion): Note[] {
  if (isSince(running, customResourcesSince) || !usesCustomResources(declared)) return [];
  const { minimumMinor } = releaseOf(declared);
  const text = `From 0.13 on custom resources take the place of the ConfigMap, and Kubernetes has to be 1.${minimumMinor} or later.`;
  return [{ path, text, quiet: true }];
}
