import { isSince } from "./versions";

/**
 * What changes with the Kubernetes minor version, as far as these stacks are concerned; kube-proxy's modes are in
 * stacks/kube-proxy/modes.ts.
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
 * Whether a Kubernetes version, "1.18" or "1.35.4", is at least 1.`minor`.
 * @throws Error if the text is no such version.
 */
export function isAtLeast(kubernetesVersion: string, minor: number): boolean {
  if (!/^\d+\.\d+(\.\d+)?$/.test(kubernetesVersion)) {
    throw new Error(`not a version: ${JSON.stringify(kubernetesVersion)}; expected major.minor or major.minor.patch`);
  }
  return isSince(kubernetesVersion, `1.${minor}`);
}

/** Whether the cluster serves policy/v1beta1 PodSecurityPolicy: true below 1.25. */
export function hasPodSecurityPolicy(kubernetesVersion: string): boolean {
  return !isAtLeast(kubernetesVersion, kubernetesMinors.withoutPodSecurityPolicy);
}
