import type { CoreV1Event } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { findInstallations } from "../metallb/installation";

/** Events of one kind that are asked for: Kubernetes keeps them for an hour, and of some there are many. */
const atMost = 500;

/** What was said of Services, of nodes, and in the namespaces of MetalLB and kube-proxy, the latest first, one a line. */
export async function clusterEvents(api: KubernetesApi): Promise<string> {
  const { core } = api;
  const { namespace } = (await findInstallations(api)).metallb;
  const ofKind = (kind: string) =>
    core.listEventForAllNamespaces({ fieldSelector: `involvedObject.kind=${kind}`, limit: atMost });
  const lists = await Promise.all([
    ofKind("Service"),
    ofKind("Node"),
    ...[...new Set([namespace, "kube-system"])].map((name) =>
      core.listNamespacedEvent({ namespace: name, limit: atMost }),
    ),
  ]);
  const events = new Map(
    lists.flatMap(({ items }) => items).map((event) => [event.metadata.uid ?? eventText(event), event]),
  );
  const lines = [...events.values()].sort((a, b) => timeOf(b).localeCompare(timeOf(a))).map(eventText);
  return lines.length === 0 ? "no event\n" : lines.map((line) => `${line}\n`).join("");
}

const timeOf = ({ lastTimestamp, eventTime, metadata }: CoreV1Event): string =>
  new Date(lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? 0).toISOString();

function eventText(event: CoreV1Event): string {
  const { type, reason, message, count = 1, involvedObject } = event;
  const { kind, namespace, name } = involvedObject;
  const place = namespace === undefined ? name : `${namespace}/${name}`;
  const times = count > 1 ? ` (${count} times)` : "";
  return `${timeOf(event)} ${type} ${kind} ${place}: ${reason}${times}: ${message?.trim().replaceAll("\n", " ")}`;
}
