import { frrDeprecatedSince } from "../stacks/metallb/release/features";
import {
  type BgpType,
  bgpTypesIn,
  type KnownVersion,
  type MetallbVersion,
  metallbVersions,
  releaseOf,
} from "../stacks/metallb/release/releases";
import { modeOf, proxyModes, type ProxyMode, type Standing, standingOf } from "../stacks/kube-proxy/modes";
import { isAtLeast, kubernetesMinors } from "../values/kubernetes-version";
import { isSince } from "../values/versions";

// The version matrix: Kubernetes × MetalLB × kube-proxy's mode, made of what is known of each. `check` judges by it,
// docs/versions.md shows it. Terraform and its providers are the same for all of it: terraform-versions.ts.

/** Kubernetes minor versions between which nothing differs for these stacks. */
export interface KubernetesRange {
  /** The first minor version: 18 for 1.18. */
  readonly from: number;
  /** The last one; undefined in the newest range. */
  readonly to: number | undefined;
  /** Whether the cluster still serves PodSecurityPolicy. */
  readonly podSecurityPolicy: boolean;
  /** The versions that run there, oldest first. */
  readonly metallb: readonly KnownVersion[];
  readonly modes: Readonly<Record<ProxyMode, Standing>>;
}

const steps = [
  kubernetesMinors.minimum,
  kubernetesMinors.withoutPodSecurityPolicy,
  ...metallbVersions.map((version) => releaseOf(version).minimumMinor),
  ...proxyModes.flatMap((mode) => {
    const { since, deprecatedSince, offByDefaultSince, removedSince } = modeOf(mode);
    return [since, deprecatedSince, offByDefaultSince, removedSince].filter((minor) => minor !== undefined);
  }),
];

/** The matrix, oldest Kubernetes first. */
export const kubernetesRanges: readonly KubernetesRange[] = [...new Set(steps)]
  .sort((one, other) => one - other)
  .map((from, index, all) => {
    const next = all[index + 1];
    return {
      from,
      to: next === undefined ? undefined : next - 1,
      podSecurityPolicy: from < kubernetesMinors.withoutPodSecurityPolicy,
      metallb: metallbVersions.filter((version) => releaseOf(version).minimumMinor <= from),
      modes: Object.fromEntries(proxyModes.map((mode) => [mode, standingOf(mode, `1.${from}`)])) as Record<
        ProxyMode,
        Standing
      >,
    };
  });

/** What runs on a Kubernetes version such as "1.35.4"; undefined for one that is too old for the stacks. */
export const supportOn = (kubernetesVersion: string): KubernetesRange | undefined =>
  kubernetesRanges.findLast(({ from }) => isAtLeast(kubernetesVersion, from));

/** How a version of MetalLB can do BGP here, and whether upstream has deprecated it. */
export const bgpTypesOf = (version: MetallbVersion): { readonly bgpType: BgpType; readonly deprecated: boolean }[] =>
  bgpTypesIn(version).map((bgpType) => ({
    bgpType,
    deprecated: bgpType === "frr" && isSince(version, frrDeprecatedSince),
  }));
