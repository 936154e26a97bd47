import ipaddr from "ipaddr.js";
import type { V1DaemonSet, V1Deployment, V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import {
  bgpSessionStates,
  frrK8sApiVersion,
  frrK8sDaemon,
  frrK8sGroup,
  frrK8sWebhookServer,
  frrNodeStates,
} from "../../stacks/metallb/release/frr-k8s";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import type { Installation } from "./installation";

// frr-k8s as it is in the cluster, as these stacks and upstream's manifests have it.

interface Items<T> {
  readonly items?: readonly T[];
}

/** Its two workloads; undefined where there is none. */
export async function frrK8sWorkloads(
  api: Pick<KubernetesApi, "get">,
  { namespace }: Pick<Installation, "namespace">,
  version: MetallbVersion,
) {
  const of = (plural: string, name: string) => api.get(`/apis/apps/v1/namespaces/${namespace}/${plural}/${name}`);
  const [daemonSet, server] = await Promise.all([
    of("daemonsets", frrK8sDaemon.name),
    of("deployments", frrK8sWebhookServer(version)),
  ]);
  return { daemonSet: daemonSet as V1DaemonSet | undefined, server: server as V1Deployment | undefined };
}

/** Its daemons' pods. */
export const frrK8sPods = async (
  { core }: Pick<KubernetesApi, "core">,
  { namespace }: Pick<Installation, "namespace">,
): Promise<readonly V1Pod[]> =>
  (await core.listNamespacedPod({ namespace, labelSelector: frrK8sDaemon.selector })).items;

/** What the daemon of a node says of FRR there; "success" twice where all is well, nothing before it has said anything. */
export interface FrrNodeState {
  readonly conversion: string;
  readonly reload: string;
}

/** Of each node that has one, by its name. */
export async function readFrrNodeStates(api: Pick<KubernetesApi, "get">): Promise<ReadonlyMap<string, FrrNodeState>> {
  const list = (await api.get(`/apis/${frrK8sGroup}/${frrK8sApiVersion}/${frrNodeStates}`)) as
    | Items<{
        readonly metadata: { readonly name: string };
        readonly status?: { readonly lastConversionResult?: string; readonly lastReloadResult?: string };
      }>
    | undefined;
  return new Map(
    (list?.items ?? []).map(({ metadata: { name }, status }) => [
      name,
      { conversion: status?.lastConversionResult ?? "", reload: status?.lastReloadResult ?? "" },
    ]),
  );
}

/** Why FRR on a node does not have what the speakers made; undefined if it has. */
export function frrNodeProblem(node: string, state: FrrNodeState | undefined): string | undefined {
  const { conversion = "", reload = "" } = state ?? {};
  const isWell = (result: string) => result === "success";
  if (conversion !== "" && !isWell(conversion))
    return `frr-k8s cannot make FRR's configuration on ${node}: ${conversion}`;
  if (reload !== "" && !isWell(reload)) return `FRR on ${node} does not take its configuration: ${reload.trim()}`;
  return isWell(conversion) && isWell(reload)
    ? undefined
    : `frr-k8s on ${node} has not said yet whether FRR takes its configuration (FRRNodeState ${node})`;
}

/** A BGP session, as FRR of a node has it. */
export interface BgpSession {
  readonly node: string;
  /** The router's address, or the interface to it. */
  readonly peer: string;
  /** "Established", or another state of BGP's. */
  readonly state: string;
}

/** An IPv6 address whole, with "-" for ":", as frr-k8s writes it: labelFormatForNeighbor in its cmd/status. */
const spelledForLabel = /^[0-9a-f]{4}(-[0-9a-f]{4}){7}$/;

/** A peer of FRR's, as everybody else writes it. */
const peerOf = (spelled: string): string =>
  spelledForLabel.test(spelled) ? ipaddr.parse(spelled.replaceAll("-", ":")).toString() : spelled;

/** The sessions of all nodes; from MetalLB 0.15 on. */
export async function readBgpSessions(
  api: Pick<KubernetesApi, "get">,
  { namespace }: Pick<Installation, "namespace">,
): Promise<readonly BgpSession[]> {
  const path = `/apis/${frrK8sGroup}/${frrK8sApiVersion}/namespaces/${namespace}/${bgpSessionStates.plural}`;
  const list = (await api.get(path)) as
    | Items<{ readonly status?: { readonly node?: string; readonly peer?: string; readonly bgpStatus?: string } }>
    | undefined;
  return (list?.items ?? []).map(({ status: { node = "", peer = "", bgpStatus: state = "" } = {} }) => ({
    node,
    peer: peerOf(peer),
    state,
  }));
}
