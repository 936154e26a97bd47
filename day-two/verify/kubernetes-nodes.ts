import type { V1Node } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { excludedNodes, excludeLabel, internalAddresses, leavesOutExcluded } from "../load-balancers";
import { type Check, failed, list, passed, skipped } from "./check";

/** Whether Kubernetes has the nodes of cluster.yaml and no others, each with its address, and Ready. */
export async function verifyKubernetesNodes(
  { core }: KubernetesApi,
  { nodes, metallb }: ClusterConfig,
): Promise<Check[]> {
  const { items } = await core.listNode();
  const undeclared = items
    .map(({ metadata }) => metadata?.name ?? "")
    .filter((name) => !nodes.some((node) => node.name === name));
  return [
    ...nodes.map((node) => ofNode(node, items)),
    ...(leavesOutExcluded(metallb) ? exclusionChecks(items) : []),
    ...undeclared.map((name) =>
      failed(
        "kubernetes.undeclared-node",
        name,
        `${name}: is a node of the cluster, and not in cluster.yaml`,
        "add it to nodes in cluster.yaml, then npx cdktf deploy nodes",
      ),
    ),
  ];
}

/** The nodes that MetalLB announces nothing from: all of them is a fault, some are what kubeadm makes of its control plane. */
function exclusionChecks(items: readonly V1Node[]): Check[] {
  const id = "metallb.excluded-node";
  const excluded = excludedNodes(items);
  if (excluded.length < items.length || excluded.length === 0) {
    return excluded.map((name) =>
      skipped(id, name, `${name}: announces nothing, since it is labelled ${excludeLabel}`),
    );
  }
  const text = `no node announces anything: every node is excluded (labelled ${excludeLabel})`;
  const remedy = `set metallb.ignoreExcludeLB: true in cluster.yaml, then npx cdktf deploy '*'; or kubectl label node NAME ${excludeLabel}-`;
  return [failed(id, "cluster", text, remedy)];
}

function ofNode({ name, address }: NodeConfig, items: readonly V1Node[]): Check {
  const id = "kubernetes.node";
  const node = items.find(({ metadata }) => metadata?.name === name);
  if (node === undefined) {
    const known = list(items.map(({ metadata }) => metadata?.name ?? ""));
    return failed(id, name, `${name}: Kubernetes has no node of this name, it has ${known}`, "correct cluster.yaml");
  }
  const addresses = internalAddresses(node);
  if (!addresses.includes(address)) {
    const text = `${name}: Kubernetes has it at ${list(addresses)}, cluster.yaml at ${address}`;
    return failed(id, name, text, "correct cluster.yaml, or the kubelet's --node-ip");
  }
  const ready = node.status?.conditions?.find(({ type }) => type === "Ready");
  if (ready?.status !== "True") {
    const why = ready?.message ? `: ${ready.message}` : "";
    return failed(id, name, `${name}: is not Ready in Kubernetes${why}`, `see the kubelet's log on ${name}`);
  }
  return passed(id, name, `${name}: is Ready in Kubernetes, at ${address}`);
}
