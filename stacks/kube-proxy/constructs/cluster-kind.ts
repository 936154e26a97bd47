import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { TerraformLocal, TerraformStack } from "cdktf";
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
      metadata: { name: "cilium-config", namespace: "kube-system" },
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
  // k3s and RKE2 show themselves by the kubelet's version, 1.31.4+k3s1, and by a label of their cloud provider.
  const is = (name: string) =>
    `(${runs(name, node)}` + ` || try(${node}.metadata.labels["node.kubernetes.io/instance-type"], "") == "${name}")`;
  // "true" from Cilium 1.14 on, "strict" before; with partial kube-proxy stays in its place.
  const replaced = `contains(["true", "strict"], try(${ciliumData}["kube-proxy-replacement"], ""))`;
  return [
    `${is("k3s")} ? ${quoted(k3s(declared))}`,
    `${runs("k0s", node)} ? ${quoted(k0s(declared))}`,
    `${is("rke2")} ? ${quoted(rke2(declared))}`,
    `${replaced} ? ${quoted(replacedByCilium)}`,
    quoted(other),
  ].join(" : ");
}

/** Expression: whether a node's kubelet is of a distribution, which its version names: v1.31.4+k3s1. */
const runs = (name: string, node: string): string => `can(regex("[+]${name}", ${node}.status.nodeInfo.kubeletVersion))`;

const unmanaged = "set kubeProxy: unmanaged in cluster.yaml";

const argumentsOf = (declared: ManagedConfig): string[] => [
  `proxy-mode=${declared.mode}`,
  ...(declared.mode === "ipvs" && declared.strictARP ? ["ipvs-strict-arp=true"] : []),
];

const k3s = (declared: ManagedConfig) =>
  "this is k3s, which gives kube-proxy its settings itself. On every node write" +
  ` 'kube-proxy-arg: [${argumentsOf(declared).join(", ")}]' to /etc/rancher/k3s/config.yaml (the same as` +
  ` ${argumentsOf(declared)
    .map((argument) => `--kube-proxy-arg=${argument}`)
    .join(" ")}), restart k3s, and ${unmanaged}. k3s's own servicelb has to be off ('disable: [servicelb]').`;

const rke2 = (declared: ManagedConfig) =>
  "this is RKE2, which gives kube-proxy its settings itself. On every node write" +
  ` 'kube-proxy-arg: [${argumentsOf(declared).join(", ")}]' to /etc/rancher/rke2/config.yaml, restart rke2-server or` +
  ` rke2-agent, and ${unmanaged}.`;

const k0s = (declared: ManagedConfig) =>
  "this is k0s, which gives kube-proxy its settings itself. Write 'spec: { network: { kubeProxy: { mode:" +
  ` ${declared.mode}${declared.mode === "ipvs" && declared.strictARP ? ", ipvs: { strictARP: true }" : ""} } } }' to` +
  ` /etc/k0s/k0s.yaml on every controller, restart k0s there, restart kube-proxy's pods, and ${unmanaged}.`;

const replacedByCilium =
  "Cilium stands in kube-proxy's place (kube-proxy-replacement in ConfigMap kube-system/cilium-config). It needs no" +
  ` setting, MetalLB works with it as it is: ${unmanaged}.`;

const other =
  "this cluster's kube-proxy was not set up by kubeadm (k3s and RKE2 set kube-proxy by arguments of their own, Cilium may" +
  ` replace it, and some managed clusters hide it). Set its mode where it gets its settings, and ${unmanaged}.`;
