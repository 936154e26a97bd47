import { absent, type Difference, present } from "./compare";

/** A difference from upstream's manifests of MetalLB 0.9.6 that is meant to be, and why. */
export interface IntendedDifference extends Difference {
  readonly reason: string;
}

const pod = "spec.template.spec";
const container = `${pod}.containers[0]`;

const clusterScoped = "A PodSecurityPolicy has no namespace; the API server drops the one that upstream writes.";
const noBlocks =
  "A list of blocks in Terraform is empty when there is no block; the API server drops empty lists as well.";
const sentByProvider =
  "The provider always sends the field, with the value that Kubernetes assumes where it is missing.";
const notRoot =
  "The provider always sends the field, and false where it is not given, which would cancel the pod's own true.";
const subjectNamespace =
  "Without it the provider writes the namespace default; Kubernetes itself would take the binding's own.";
const hostPort = "API servers below 1.28 fill it in for pods on the host's network; without it no plan is ever empty.";
const registry = "The registry is written out, so that a mirror can take its place (metallb.imageRegistry).";
const pullPolicy =
  "The tags are pinned and never move; a node that has the image keeps running when the registry is away.";
const madeByHand = "Upstream's manual has people make it by hand; here it is part of the stack.";

const inPod = (object: string): IntendedDifference[] => [
  { object, path: `${pod}.automountServiceAccountToken`, upstream: absent, ours: true, reason: sentByProvider },
  { object, path: `${pod}.enableServiceLinks`, upstream: absent, ours: true, reason: sentByProvider },
  { object, path: `${pod}.shareProcessNamespace`, upstream: absent, ours: false, reason: sentByProvider },
  { object, path: `${container}.securityContext.privileged`, upstream: absent, ours: false, reason: sentByProvider },
  { object, path: `${container}.imagePullPolicy`, upstream: "Always", ours: "IfNotPresent", reason: pullPolicy },
];

/**
 * Every difference between what the MetalLB stack writes for Kubernetes 1.18 and upstream's namespace.yaml and
 * metallb.yaml. upstream.test.ts fails on a difference that is not here, and on a line here that is no difference.
 */
export const intendedDifferences: readonly IntendedDifference[] = [
  {
    object: "ConfigMap config",
    path: "",
    upstream: absent,
    ours: present,
    reason: madeByHand,
  },
  {
    object: "Secret memberlist",
    path: "",
    upstream: absent,
    ours: present,
    reason: madeByHand,
  },
  ...inPod("DaemonSet speaker"),
  {
    object: "DaemonSet speaker",
    path: `${container}.ports[0].hostPort`,
    upstream: absent,
    ours: 7472,
    reason: hostPort,
  },
  {
    object: "DaemonSet speaker",
    path: `${container}.image`,
    upstream: "metallb/speaker:v0.9.6",
    ours: "docker.io/metallb/speaker:v0.9.6",
    reason: registry,
  },
  {
    object: "DaemonSet speaker",
    path: `${container}.securityContext.runAsNonRoot`,
    upstream: absent,
    ours: false,
    reason: sentByProvider,
  },
  {
    object: "DaemonSet speaker",
    path: `${container}.env[5].valueFrom.secretKeyRef.optional`,
    upstream: absent,
    ours: false,
    reason: sentByProvider,
  },
  {
    object: "DaemonSet speaker",
    path: `${pod}.tolerations[0].operator`,
    upstream: absent,
    ours: "Exists",
    reason: "Tolerates the taint whatever its value; upstream's, with no operator, only the one without a value.",
  },
  {
    object: "DaemonSet speaker",
    path: `${pod}.tolerations[1]`,
    upstream: absent,
    ours: { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
    reason: "Newer clusters taint control-plane nodes with this key; without the toleration they announce nothing.",
  },
  ...inPod("Deployment controller"),
  {
    object: "Deployment controller",
    path: `${container}.image`,
    upstream: "metallb/controller:v0.9.6",
    ours: "docker.io/metallb/controller:v0.9.6",
    reason: registry,
  },
  {
    object: "Deployment controller",
    path: `${container}.securityContext.runAsNonRoot`,
    upstream: absent,
    ours: true,
    reason: notRoot,
  },
  ...["PodSecurityPolicy controller", "PodSecurityPolicy speaker"].flatMap((object): IntendedDifference[] => [
    { object, path: "metadata.namespace", upstream: "metallb-system", ours: absent, reason: clusterScoped },
    { object, path: "spec.allowedHostPaths", upstream: [], ours: absent, reason: noBlocks },
  ]),
  ...["RoleBinding config-watcher", "RoleBinding pod-lister"].map((object): IntendedDifference => ({
    object,
    path: "subjects[0].namespace",
    upstream: absent,
    ours: "metallb-system",
    reason: subjectNamespace,
  })),
  {
    object: "RoleBinding config-watcher",
    path: "subjects[1].namespace",
    upstream: absent,
    ours: "metallb-system",
    reason: subjectNamespace,
  },
  ...["ServiceAccount controller", "ServiceAccount speaker"].map((object): IntendedDifference => ({
    object,
    path: "automountServiceAccountToken",
    upstream: absent,
    ours: true,
    reason: sentByProvider,
  })),
];
