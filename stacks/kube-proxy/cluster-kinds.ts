import type { ManagedConfig } from "./schema";

// Clusters whose kube-proxy is not kubeadm's: what they are known by, and what is to be done there.

/** Distributions that give kube-proxy its settings themselves. The kubelet's version names each: v1.31.4+k3s1. */
export const distributions = ["k3s", "k0s", "rke2"] as const;
export type Distribution = (typeof distributions)[number];

/** A label that the cloud providers of k3s and RKE2 put on nodes, with the distribution's name. */
export const instanceTypeLabel = "node.kubernetes.io/instance-type";

/** Those whose nodes have that label. */
export const labelled: readonly Distribution[] = ["k3s", "rke2"];

/** What of Cilium's ConfigMap says that it stands in kube-proxy's place. With partial kube-proxy stays. */
export const ciliumReplacement = {
  configMap: "cilium-config",
  key: "kube-proxy-replacement",
  // "true" from Cilium 1.14 on, "strict" before.
  values: ["true", "strict"],
} as const;

/** What a cluster may be that has no kube-proxy of kubeadm's. */
export type ClusterKind = Distribution | "cilium" | "other";

/** What of a cluster its kind is told by. */
export interface KindFacts {
  /** Of any node: "v1.31.4+k3s1" */
  readonly kubeletVersion: string;
  /** Of the same node. */
  readonly labels: Readonly<Record<string, string>>;
  /** Of ConfigMap kube-system/cilium-config; undefined where there is none. */
  readonly ciliumData?: Readonly<Record<string, string>>;
}

/** The kind of a cluster that has no kube-proxy of kubeadm's. */
export function clusterKindOf({ kubeletVersion, labels, ciliumData }: KindFacts): ClusterKind {
  const isOf = (name: Distribution) =>
    kubeletVersion.includes(`+${name}`) || (labelled.includes(name) && labels[instanceTypeLabel] === name);
  const { key, values } = ciliumReplacement;
  const replaced = values.some((value) => value === ciliumData?.[key]);
  return distributions.find(isOf) ?? (replaced ? "cilium" : "other");
}

/** Why kube-proxy is not to be managed there: one sentence or more. */
export const reasonOf: Readonly<Record<ClusterKind, string>> = {
  k3s: "this is k3s, which gives kube-proxy its settings itself.",
  rke2: "this is RKE2, which gives kube-proxy its settings itself.",
  k0s: "this is k0s, which gives kube-proxy its settings itself.",
  cilium:
    "Cilium stands in kube-proxy's place (kube-proxy-replacement in ConfigMap kube-system/cilium-config). It needs no" +
    " setting, MetalLB works with it as it is",
  other:
    "this cluster's kube-proxy was not set up by kubeadm (k3s and RKE2 set kube-proxy by arguments of their own, Cilium may" +
    " replace it, and some managed clusters hide it).",
};

const unmanaged = "set kubeProxy: unmanaged in cluster.yaml";

const argumentsOf = (declared: ManagedConfig): string[] => [
  `proxy-mode=${declared.mode}`,
  ...(declared.mode === "ipvs" && declared.strictARP ? ["ipvs-strict-arp=true"] : []),
];

/** The reason, and what is to be done there to have what is declared. */
export const adviceOf: Readonly<Record<ClusterKind, (declared: ManagedConfig) => string>> = {
  k3s: (declared) =>
    `${reasonOf.k3s} On every node write` +
    ` 'kube-proxy-arg: [${argumentsOf(declared).join(", ")}]' to /etc/rancher/k3s/config.yaml (the same as` +
    ` ${argumentsOf(declared)
      .map((argument) => `--kube-proxy-arg=${argument}`)
      .join(" ")}), restart k3s, and ${unmanaged}. k3s's own servicelb has to be off ('disable: [servicelb]').`,
  rke2: (declared) =>
    `${reasonOf.rke2} On every node write` +
    ` 'kube-proxy-arg: [${argumentsOf(declared).join(", ")}]' to /etc/rancher/rke2/config.yaml, restart rke2-server or` +
    ` rke2-agent, and ${unmanaged}.`,
  k0s: (declared) =>
    `${reasonOf.k0s} Write 'spec: { network: { kubeProxy: { mode:` +
    ` ${declared.mode}${declared.mode === "ipvs" && declared.strictARP ? ", ipvs: { strictARP: true }" : ""} } } }' to` +
    ` /etc/k0s/k0s.yaml on every controller, restart k0s there, restart kube-proxy's pods, and ${unmanaged}.`,
  cilium: () => `${reasonOf.cilium}: ${unmanaged}.`,
  other: () => `${reasonOf.other} Set its mode where it gets its settings, and ${unmanaged}.`,
};
