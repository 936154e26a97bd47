import type { V1Node, V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { ClusterConfig } from "../../cluster/schema";
import { internalAddresses } from "../load-balancers";
import { type PodHealth, podHealth } from "../workload";

export interface NodeStatus {
  readonly name: string;
  /** Its InternalIP; the declared address where the cluster does not have the node. */
  readonly address: string;
  readonly status: "Ready" | "NotReady" | "missing";
  /** RFC 3339. Absent where the cluster does not say. */
  readonly since?: string;
  /** unmanaged: its pods, if there are any, are somebody else's. */
  readonly kubeProxy: PodHealth | "unmanaged";
  readonly speaker: PodHealth;
}

interface Found {
  readonly nodes: readonly V1Node[];
  readonly kubeProxies: readonly V1Pod[];
  readonly speakers: readonly V1Pod[];
}

/** Every declared node, and behind them those that only the cluster knows, which a note names. */
export function nodeStatus(
  { nodes: declared, kubeProxy }: Pick<ClusterConfig, "nodes" | "kubeProxy">,
  { nodes, kubeProxies, speakers }: Found,
) {
  const live = new Map(nodes.map((node) => [node.metadata?.name ?? "", node]));
  const names = new Set(declared.map(({ name }) => name));
  const unknown = [...live.keys()].filter((name) => !names.has(name));
  const all = [...declared, ...unknown.map((name) => ({ name, address: "" }))];
  const status = all.map(({ name, address }): NodeStatus => {
    const node = live.get(name);
    const ready = node?.status?.conditions?.find(({ type }) => type === "Ready");
    return {
      name,
      address: internalAddresses(node)[0] ?? address,
      status: node === undefined ? "missing" : ready?.status === "True" ? "Ready" : "NotReady",
      since: ready?.lastTransitionTime?.toISOString(),
      kubeProxy: kubeProxy.mode === "unmanaged" ? "unmanaged" : podHealth(kubeProxies, name),
      speaker: podHealth(speakers, name),
    };
  });
  const missing = status.filter(({ status: is }) => is === "missing").map(({ name }) => name);
  const notes = [
    ...missing.map((name) => `node ${name} is declared, and the cluster has no such node`),
    ...unknown.map((name) => `node ${name} is in the cluster, and not declared: it is not looked after`),
  ];
  return { status, notes };
}
