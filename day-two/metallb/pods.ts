import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { type Component, components } from "../../stacks/metallb/release/component";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { Installation } from "./installation";

/** A pod's program, "controller" or "speaker", by the label of upstream's manifests or of its chart. */
export const componentOf = ({ metadata: { labels = {} } = {} }: V1Pod): Component | undefined =>
  components.find((component) => component === (labels.component ?? labels["app.kubernetes.io/component"]));

/** "speaker on node2" */
export const podText = (pod: V1Pod): string => `${componentOf(pod) ?? "pod"} on ${pod.spec?.nodeName ?? "no node"}`;

/** Every pod of a MetalLB, those that are being deleted too. */
export async function metallbPods(
  { core }: Pick<KubernetesApi, "core">,
  { namespace, podSelector }: Installation,
): Promise<readonly V1Pod[]> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: podSelector });
  return items.filter((pod) => componentOf(pod) !== undefined);
}
