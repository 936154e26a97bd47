/**
 * The stacks of baremetal-lb, for a CDKTF application of one's own: docs/own-repository.md shows one, docs/api.md lists what
 * is here. What is not exported may change with any version.
 */

// From cluster.yaml to Terraform's JSON.
export { loadForSynthesis, synthesiseStacks, type LoadedCluster, type SynthesisOptions } from "./cluster/synthesis";

// The stacks, each on top of the one before.
export { NodesStack, type NodesStackProps } from "./stacks/nodes/nodes-stack";
export { KubeProxyStack, type KubeProxyStackProps } from "./stacks/kube-proxy/kube-proxy-stack";
export { MetallbCrdsStack, type MetallbCrdsStackProps } from "./stacks/metallb/metallb-crds-stack";
export { AddressPoolsStack, type AddressPoolsStackProps } from "./stacks/metallb/address-pools-stack";
export { MetallbStack, type MetallbStackProps } from "./stacks/metallb/metallb-stack";

// cluster.yaml by itself.
export { loadCluster, type LoadOptions } from "./cluster/load";
export { readManifest } from "./stacks/metallb/release/manifest";
export type { Manifest, ManifestObject } from "./stacks/metallb/release/manifest-objects";
export type { ClusterConfig } from "./cluster/schema";
export type { KubernetesConfig } from "./stacks/shared/schema/kubernetes";
export type { SshConfig } from "./stacks/shared/schema/ssh";
export type { NodeConfig } from "./stacks/shared/schema/nodes";
export type { StateConfig } from "./stacks/shared/schema/state";
export type { KubeProxyConfig } from "./stacks/kube-proxy/schema";
export type { MetallbConfig } from "./stacks/metallb/schema/metallb";

// What is wrong, for the user to read.
export { ConfigurationError, type Problem, problemText } from "./values/problem";
export { UserError, userMessage } from "./values/user-error";
