import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { type Component, components, namespaceName as namespace } from "../../stacks/metallb/release/component";
import type { KubernetesApi } from "../../remote/kubernetes/connect";

/** A pod's program: "controller" or "speaker". */
export const componentOf = ({ metadata }: V1Pod): Component | undefined =>
  components.find((component) => component === metadata?.labels?.component);

/** "speaker on node2" */
export const podText = (pod: V1Pod): string => `${componentOf(pod) ?? "pod"} on ${pod.spec?.nodeName ?? "no node"}`;

/** Every pod of MetalLB, those that are being deleted too. */
export async function metallbPods({ core }: Pick<KubernetesApi, "core">): Promise<readonly V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: "app=metallb" });
  return items.filter((pod) => componentOf(pod) !== undefined);
}
