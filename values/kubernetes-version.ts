import { isSince } from "./versions";

/**
 * What changes with the Kubernetes minor version, as far as these stacks are concerned; kube-proxy's modes are in
 * stacks/kube-proxy/modes.ts.
 *
 * - `minimum`: kubernetes_config_map_v1_data and kubernetes_annotations use server-side apply, beta from 1.16 and
 *   usable for every resource that we apply from 1.18.
 * - `loadBalancerClass`: Services may have a spec.loadBalancerClass from this version on; 1.21 has it behind a gate.
 * - `podSecurityAdmission`: namespaces' Pod Security labels mean something from this version on.
 * - `withoutPodSecurityPolicy`: policy/v1beta1 PodSecurityPolicy is gone from this version on.
 * - `crdValidationRules`: CRDs may have x-kubernetes-validations from this version on; older API servers drop them.
 * - `hostPortsAsWritten`: from this version on API servers leave templates of pods on the host's network as they are; older
 *   ones write every port's containerPort as its hostPort. Upstream: DefaultHostNetworkHostPortsInPodTemplates.
 * - `integerFormats`: from this version on a CRD's format int32 is what numbers, and their maximum, are held to (metallb#3034).
 */
export const kubernetesMinors = {
  minimum: 18,
  loadBalancerClass: 22,
  podSecurityAdmission: 23,
  withoutPodSecurityPolicy: 25,
  crdValidationRules: 25,
  hostPortsAsWritten: 28,
  integerFormats: 36,
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

/** Whether Services of the cluster may have a loadBalancerClass: from 1.22 on. */
export function hasLoadBalancerClasses(kubernetesVersion: string): boolean {
  return isAtLeast(kubernetesVersion, kubernetesMinors.loadBalancerClass);
}

/** Whether the cluster serves policy/v1beta1 PodSecurityPolicy: true below 1.25. */
export function hasPodSecurityPolicy(kubernetesVersion: string): boolean {
  return !isAtLeast(kubernetesVersion, kubernetesMinors.withoutPodSecurityPolicy);
}

/** Whether namespaces' Pod Security labels mean something in the cluster: from 1.23 on, beside policies up to 1.24. */
export function hasPodSecurityAdmission(kubernetesVersion: string): boolean {
  return isAtLeast(kubernetesVersion, kubernetesMinors.podSecurityAdmission);
}

/** Whether the API server fills in the host's ports of pods on its network in workloads' templates: below 1.28. */
export function fillsInHostPorts(kubernetesVersion: string): boolean {
  return !isAtLeast(kubernetesVersion, kubernetesMinors.hostPortsAsWritten);
}

/** Whether the API server keeps the validation rules of CRDs: from 1.25 on. */
export function keepsValidationRules(kubernetesVersion: string): boolean {
  return isAtLeast(kubernetesVersion, kubernetesMinors.crdValidationRules);
}
