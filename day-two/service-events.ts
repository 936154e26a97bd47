import type { CoreV1Event } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { KubernetesApi } from "../remote/kubernetes/connect";

/** What was said of a Service, by MetalLB and others, the latest first. Kubernetes keeps it for an hour by default. */
export async function serviceEvents(
  { core }: Pick<KubernetesApi, "core">,
  { namespace, name, reason }: { readonly namespace: string; readonly name: string; readonly reason?: string },
): Promise<readonly CoreV1Event[]> {
  const ofReason = reason === undefined ? "" : `,reason=${reason}`;
  const fieldSelector = `involvedObject.kind=Service,involvedObject.name=${name}${ofReason}`;
  const { items } = await core.listNamespacedEvent({ namespace, fieldSelector });
  return items.sort((a, b) => timeOf(b) - timeOf(a));
}

const timeOf = ({ lastTimestamp }: CoreV1Event): number => lastTimestamp?.getTime() ?? 0;
