import type { MetallbVersion } from "../../../../stacks/metallb/release/releases";
import { isSince } from "../../../../values/versions";
import { absent, type Difference, present } from "./compare";

/** A difference from upstream's manifests of MetalLB that is meant to be, and why. */
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
const outlives = "Upstream's controller makes one where there is none; here its value outlives the Secret.";
const pullPolicySaid = "It is said what Kubernetes assumes of a tag that is not latest.";

const inPod = (object: string, isOld: boolean): IntendedDifference[] => [
  { object, path: `${pod}.automountServiceAccountToken`, upstream: absent, ours: true, reason: sentByProvider },
  { object, path: `${pod}.enableServiceLinks`, upstream: absent, ours: true, reason: sentByProvider },
  { object, path: `${pod}.shareProcessNamespace`, upstream: absent, ours: false, reason: sentByProvider },
  { object, path: `${container}.securityContext.privileged`, upstream: absent, ours: false, reason: sentByProvider },
  {
    object,
    path: `${container}.imagePullPolicy`,
    upstream: isOld ? "Always" : absent,
    ours: "IfNotPresent",
    reason: isOld ? pullPolicy : pullPolicySaid,
  },
];

/**
 * Every difference between what the MetalLB stack writes for the oldest Kubernetes of a version and upstream's
 * namespace.yaml and metallb.yaml. upstream.test.ts fails on a difference that is not here, and on a line here that is no
 * difference.
 */
export const intendedDifferences = (version: MetallbVersion): readonly IntendedDifference[] => [
  ...ofEvery(version),
  ...(isSince(version, "0.11.0") ? of011 : of09(version)),
  ...(isSince(version, "0.12.1") ? [] : policiesInNamespace),
];

/** The port of the memberlist is in the pod, and the controller has a Role for the Secret. */
const of011: readonly IntendedDifference[] = [
  ...[1, 2].map((index) => ({
    object: "DaemonSet speaker",
    path: `${container}.ports[${index}].hostPort`,
    upstream: absent,
    ours: 7946,
    reason: hostPort,
  })),
  {
    object: "RoleBinding controller",
    path: "subjects[0].namespace",
    upstream: absent,
    ours: "metallb-system",
    reason: subjectNamespace,
  },
];

/** Images have no registry, and a toleration no operator. */
const of09 = (version: MetallbVersion): readonly IntendedDifference[] => [
  ...["DaemonSet speaker", "Deployment controller"].map((object): IntendedDifference => {
    const image = `metallb/${object.split(" ")[1]}:v${version}`;
    return { object, path: `${container}.image`, upstream: image, ours: `docker.io/${image}`, reason: registry };
  }),
  {
    object: "DaemonSet speaker",
    path: `${pod}.tolerations[0].operator`,
    upstream: absent,
    ours: "Exists",
    reason: "Tolerates the taint whatever its value; upstream's, with no operator, only the one without a value.",
  },
];

const policies = ["PodSecurityPolicy controller", "PodSecurityPolicy speaker"];

const policiesInNamespace = policies.map((object): IntendedDifference => ({
  object,
  path: "metadata.namespace",
  upstream: "metallb-system",
  ours: absent,
  reason: clusterScoped,
}));

const ofEvery = (version: MetallbVersion): readonly IntendedDifference[] => [
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
    reason: isSince(version, "0.11.0") ? outlives : madeByHand,
  },
  ...inPod("DaemonSet speaker", !isSince(version, "0.11.0")),
  {
    object: "DaemonSet speaker",
    path: `${container}.ports[0].hostPort`,
    upstream: absent,
    ours: 7472,
    reason: hostPort,
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
    // The last variable; 0.9 has one more before it.
    path: `${container}.env[${isSince(version, "0.11.0") ? 4 : 5}].valueFrom.secretKeyRef.optional`,
    upstream: absent,
    ours: false,
    reason: sentByProvider,
  },
  {
    object: "DaemonSet speaker",
    path: `${pod}.tolerations[1]`,
    upstream: absent,
    ours: { key: "node-role.kubernetes.io/control-plane", operator: "Exists", effect: "NoSchedule" },
    reason: "Newer clusters taint control-plane nodes with this key; without the toleration they announce nothing.",
  },
  ...inPod("Deployment controller", !isSince(version, "0.11.0")),
  {
    object: "Deployment controller",
    path: `${container}.securityContext.runAsNonRoot`,
    upstream: absent,
    ours: true,
    reason: notRoot,
  },
  ...policies.map((object): IntendedDifference => ({
    object,
    path: "spec.allowedHostPaths",
    upstream: [],
    ours: absent,
    reason: noBlocks,
  })),
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
