import { hasLoadBalancerClasses, kubernetesMinors } from "../../../values/kubernetes-version";
import type { Finding } from "../../../values/problem";
import type { MetallbDraft } from "../draft";

/** A class that no Service of the cluster can have. */
export function checkLoadBalancerClass({ kubernetes, metallb }: MetallbDraft): Finding[] {
  const { loadBalancerClass } = metallb ?? {};
  const version = kubernetes?.version;
  if (loadBalancerClass === undefined || version === undefined || hasLoadBalancerClasses(version)) return [];
  return [
    {
      severity: "warning",
      path: ["metallb", "loadBalancerClass"],
      given: `${JSON.stringify(loadBalancerClass)} with Kubernetes ${version}`,
      expected: `Kubernetes 1.${kubernetesMinors.loadBalancerClass} or newer, the first whose Services have a loadBalancerClass (1.21 with the feature gate ServiceLoadBalancerClass): MetalLB would look after no Service at all`,
      remedy: "remove the key, or upgrade the cluster first",
    },
  ];
}
