import type { ClusterConfig } from "../config/schema/cluster";
import { apiProblem, type KubernetesApi } from "../kubernetes/connect";
import { KubernetesError } from "../kubernetes/kubernetes-error";
import { findAnnouncements } from "./announcements";
import { type NodeStatus, nodeStatus } from "./status-nodes";
import { livePoolNotes, type PoolStatus, poolStatus } from "./status-pools";
import { type ServiceStatus, serviceStatus } from "./status-services";

/** What an operator wants to know each morning. */
export interface StatusReport {
  readonly cluster: string;
  readonly pools: readonly PoolStatus[];
  readonly services: readonly ServiceStatus[];
  readonly nodes: readonly NodeStatus[];
  /** What is strange, and what could not be found out. */
  readonly notes: readonly string[];
}

/**
 * Asks the Kubernetes API, everything side by side, and judges nothing.
 * @throws KubernetesError if it cannot be asked.
 */
export async function findStatus(
  { name, metallb, nodes: declared }: ClusterConfig,
  api: KubernetesApi,
): Promise<StatusReport> {
  const { core } = api;
  const pods = (namespace: string, labelSelector: string) =>
    core.listNamespacedPod({ namespace, labelSelector }).then(({ items }) => items);
  try {
    const speakersAsked = pods("metallb-system", "app=metallb,component=speaker");
    const [services, nodes, kubeProxies, speakers, announcements, configMap] = await Promise.all([
      core.listServiceForAllNamespaces().then(({ items }) => items),
      core.listNode().then(({ items }) => items),
      pods("kube-system", "k8s-app=kube-proxy"),
      speakersAsked,
      speakersAsked.then((found) => findAnnouncements(api, found)),
      api.get("/api/v1/namespaces/metallb-system/configmaps/config"),
    ]);
    const ofServices = serviceStatus(services, metallb.pools, announcements);
    const ofNodes = nodeStatus(declared, { nodes, kubeProxies, speakers });
    return {
      cluster: name,
      pools: poolStatus(metallb.pools, services, nodes),
      services: ofServices.status,
      nodes: ofNodes.status,
      notes: [
        ...livePoolNotes(metallb.pools, configMap),
        ...ofServices.notes,
        ...ofNodes.notes,
        ...announcements.notes,
      ],
    };
  } catch (error) {
    throw error instanceof KubernetesError ? error : new KubernetesError(apiProblem(error));
  }
}
