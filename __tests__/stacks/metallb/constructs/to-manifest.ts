import type { Json, JsonObject, Blocks } from "../../../synthesised";

/** The Kubernetes type that each Terraform type writes. */
const types: Readonly<Record<string, { readonly apiVersion: string; readonly kind: string }>> = {
  kubernetes_namespace_v1: { apiVersion: "v1", kind: "Namespace" },
  kubernetes_service_account_v1: { apiVersion: "v1", kind: "ServiceAccount" },
  kubernetes_secret_v1: { apiVersion: "v1", kind: "Secret" },
  kubernetes_config_map_v1: { apiVersion: "v1", kind: "ConfigMap" },
  kubernetes_cluster_role_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole" },
  kubernetes_cluster_role_binding_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding" },
  kubernetes_role_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "Role" },
  kubernetes_role_binding_v1: { apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding" },
  kubernetes_pod_security_policy_v1beta1: { apiVersion: "policy/v1beta1", kind: "PodSecurityPolicy" },
  kubernetes_daemon_set_v1: { apiVersion: "apps/v1", kind: "DaemonSet" },
  kubernetes_deployment_v1: { apiVersion: "apps/v1", kind: "Deployment" },
  kubernetes_service_v1: { apiVersion: "v1", kind: "Service" },
  kubernetes_validating_webhook_configuration_v1: {
    apiVersion: "admissionregistration.k8s.io/v1",
    kind: "ValidatingWebhookConfiguration",
  },
};

/** What in a resource is for Terraform and its provider, not for Kubernetes. */
const notOfTheObject = new Set(["count", "depends_on", "lifecycle", "provisioner", "wait_for_rollout"]);

/** Blocks that may stand more than once are named in the singular; their lists in Kubernetes in the plural. */
const plurals: Readonly<Record<string, string>> = {
  container: "containers",
  init_container: "initContainers",
  node_selector_term: "nodeSelectorTerms",
  port: "ports",
  range: "ranges",
  rule: "rules",
  subject: "subjects",
  toleration: "tolerations",
  volume: "volumes",
  volume_mount: "volumeMounts",
  webhook: "webhooks",
};

/** Objects that the provider takes as a list of one. */
const listsOfOne = new Set(["label_selector", "namespace_selector"]);

/** Names that camel case does not give. */
const irregular: Readonly<Record<string, string>> = {
  host_ipc: "hostIPC",
  host_pid: "hostPID",
  non_resource_urls: "nonResourceURLs",
};

/** Maps whose keys are the user's, not the schema's. */
const userKeyed = new Set(["annotations", "data", "labels", "limits", "match_labels", "node_selector"]);

/** Numbers that the provider takes as text, to tell 0 from nothing; in a policy it is a block of the same name. */
const numbersAsText = new Set(["fs_group", "run_as_group", "run_as_user", "target_port"]);

const isObject = (value: Json): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function kubernetesName(key: string, value: Json): string {
  const plural = plurals[key];
  // A policy's `rule` is a word; only a list of blocks takes the plural.
  if (plural !== undefined && Array.isArray(value)) return plural;
  return irregular[key] ?? key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

function kubernetesValue(key: string, value: Json): Json {
  if (userKeyed.has(key)) return value;
  if (listsOfOne.has(key) && Array.isArray(value)) return kubernetesValue("", value[0] as Json);
  // A probe's or a Service's port: a number, or the name of a container's port.
  if (numbersAsText.has(key) && typeof value === "string") return /^\d+$/.test(value) ? Number(value) : value;
  if (key === "port" && typeof value === "string") return /^\d+$/.test(value) ? Number(value) : value;
  if (key === "default_mode" && typeof value === "string") return Number.parseInt(value, 8);
  if (Array.isArray(value)) return value.map((item: Json) => (isObject(item) ? kubernetesFields(item) : item));
  return isObject(value) ? kubernetesFields(value) : value;
}

const kubernetesFields = (fields: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [kubernetesName(key, value), kubernetesValue(key, value)]),
  );

/** The Kubernetes object that a typed resource of hashicorp/kubernetes writes. */
export function toManifest(type: string, body: JsonObject): JsonObject {
  if (type === "kubernetes_manifest") return body.manifest as JsonObject;
  const identity = types[type];
  if (identity === undefined) throw new Error(`no Kubernetes type known for ${type}`);
  const object = Object.entries(body).filter(([key]) => !notOfTheObject.has(key));
  return { ...identity, ...kubernetesFields(Object.fromEntries(object)) };
}

/** The Kubernetes objects that a stack's resources write. */
export const toManifests = (resources: Blocks): JsonObject[] =>
  Object.entries(resources)
    .filter(([type]) => type.startsWith("kubernetes_"))
    .flatMap(([type, byName]) => Object.values(byName).map((body) => toManifest(type, body)));
