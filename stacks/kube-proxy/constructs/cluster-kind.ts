import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { TerraformLocal, TerraformStack } from "cdktf";
import {
  adviceOf,
  ciliumReplacement,
  type Distribution,
  distributions,
  instanceTypeLabel,
  labelled,
} from "../cluster-kinds";
import type { ManagedConfig } from "../schema";
import { quoted } from "../../shared/terraform-text";

/** What a cluster that has no kube-proxy of kubeadm's is, in a sentence or more that end with what to do there. */
export class ClusterKind {
  /** Expression: the sentences. */
  readonly advice: string;
  /** Expression: whether k0s made the cluster, which writes kube-proxy's ConfigMap itself, again and again. */
  readonly isK0s: string;

  constructor(stack: TerraformStack, declared: ManagedConfig) {
    const cilium = new DataKubernetesConfigMapV1(stack, "cilium-config", {
      metadata: { name: ciliumReplacement.configMap, namespace: "kube-system" },
    });
    const nodes = new DataKubernetesResources(stack, "first-node", { apiVersion: "v1", kind: "Node", limit: 1 });
    const node = `data.kubernetes_resources.${nodes.friendlyUniqueId}.objects[0]`;
    const ciliumData = `data.kubernetes_config_map_v1.${cilium.friendlyUniqueId}.data`;
    const advice = new TerraformLocal(stack, "elsewhere", `\${${adviceFor({ node, ciliumData }, declared)}}`);
    this.isK0s = runs("k0s", node);
    this.advice = `local.${advice.friendlyUniqueId}`;
  }
}

/** Expression: the sentences, out of expressions for a Node and for the data of ConfigMap cilium-config. */
export function adviceFor(
  { node, ciliumData }: { readonly node: string; readonly ciliumData: string },
  declared: ManagedConfig,
): string {
  const is = (name: Distribution) =>
    labelled.includes(name)
      ? `(${runs(name, node)} || try(${node}.metadata.labels["${instanceTypeLabel}"], "") == "${name}")`
      : runs(name, node);
  const { key, values } = ciliumReplacement;
  const replaced = `contains(${JSON.stringify(values).replace(/,/g, ", ")}, try(${ciliumData}["${key}"], ""))`;
  return [
    ...distributions.map((name) => `${is(name)} ? ${quoted(adviceOf[name](declared))}`),
    `${replaced} ? ${quoted(adviceOf.cilium(declared))}`,
    quoted(adviceOf.other(declared)),
  ].join(" : ");
}

/** Expression: whether a node's kubelet is of a distribution, which its version names. */
const runs = (name: Distribution, node: string): string =>
  `can(regex("[+]${name}", ${node}.status.nodeInfo.kubeletVersion))`;
