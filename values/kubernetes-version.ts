/** A Kubernetes version's parts. `patch` is undefined for "1.18". */
export interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number | undefined;
}

/**
 * What changes with the Kubernetes minor version, as far as these stacks are concerned; kube-proxy's modes are in
 * kube-proxy-modes.ts.
 *
 * - `minimum`: kubernetes_config_map_v1_data and kubernetes_annotations use server-side apply, beta from 1.16 and
 *   usable for every resource that we apply from 1.18.
 * - `withoutPodSecurityPolicy`: policy/v1beta1 PodSecurityPolicy is gone from this version on.
 */
export const kubernetesMinors = {
  minimum: 18,
  withoutPodSecurityPolicy: 25,
} as const;

/**
 * Reads "1.18" or "1.35.4".
 * @throws Error if the text is no such version.
 */
export function parseVersion(text: string): Version {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?$/.exec(text);
  if (match === null) {
    throw new Error(`not a version: ${JSON.stringify(text)}; expected major.minor or major.minor.patch`);
  }
  const [, major, minor, patch] = match;
  return { major: Number(major), minor: Number(minor), patch: patch === undefined ? undefined : Number(patch) };
}

/** Whether a Kubernetes version is at least 1.`minor`. */
export function isAtLeast(kubernetesVersion: string, minor: number): boolean {
  const version = parseVersion(kubernetesVersion);
  return version.major > 1 || (version.major === 1 && version.minor >= minor);
}

/** Whether the cluster serves policy/v1beta1 PodSecurityPolicy: true below 1.25. */
export function hasPodSecurityPolicy(kubernetesVersion: string): boolean {
  return !isAtLeast(kubernetesVersion, kubernetesMinors.withoutPodSecurityPolicy);
}
