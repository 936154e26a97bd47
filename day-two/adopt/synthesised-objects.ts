import { readFileSync } from "node:fs";
import { join } from "node:path";
import { monitoringKinds } from "../../stacks/metallb/monitoring/monitoring-objects";
import { resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import type { Stack } from "../../remote/terraform/stack";

/** A Kubernetes object that a stack declares. */
export interface SynthesisedObject {
  /** Terraform's address: kubernetes_config_map_v1.config */
  readonly address: string;
  /** Where the API has it: /api/v1/namespaces/metallb-system/configmaps/config */
  readonly path: string;
  /** What Terraform's import calls it: metallb-system/config */
  readonly id: string;
  /** Whether it may be another stack's, as only the cluster tells; the address is then that of the one that it may have. */
  readonly shared: boolean;
}

const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** The API's group and plural of each resource type of the provider that a stack may declare and Terraform can import. */
export const places: Readonly<Record<string, readonly [group: string, plural: string]>> = {
  kubernetes_namespace_v1: ["/api/v1", "namespaces"],
  kubernetes_service_account_v1: ["/api/v1", "serviceaccounts"],
  kubernetes_config_map_v1: ["/api/v1", "configmaps"],
  kubernetes_secret_v1: ["/api/v1", "secrets"],
  kubernetes_role_v1: [rbac, "roles"],
  kubernetes_role_binding_v1: [rbac, "rolebindings"],
  kubernetes_cluster_role_v1: [rbac, "clusterroles"],
  kubernetes_cluster_role_binding_v1: [rbac, "clusterrolebindings"],
  kubernetes_daemon_set_v1: ["/apis/apps/v1", "daemonsets"],
  kubernetes_deployment_v1: ["/apis/apps/v1", "deployments"],
  kubernetes_service_v1: ["/api/v1", "services"],
  kubernetes_validating_webhook_configuration_v1: [
    "/apis/admissionregistration.k8s.io/v1",
    "validatingwebhookconfigurations",
  ],
  kubernetes_pod_security_policy_v1beta1: ["/apis/policy/v1beta1", "podsecuritypolicies"],
};

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

/** A resource of the provider, as far as it is read here. */
interface Resource {
  readonly metadata?: Metadata;
  readonly manifest?: { readonly apiVersion: string; readonly kind: string; readonly metadata: Metadata };
  readonly count?: unknown;
}

/** The objects of a synthesised stack, in the order of its file. */
export function synthesisedObjects(stack: Stack): SynthesisedObject[] {
  const { resource } = JSON.parse(readFileSync(join(stack.folder, "cdk.tf.json"), "utf8")) as {
    readonly resource: Readonly<Record<string, Readonly<Record<string, Resource>>>>;
  };
  return Object.entries(resource).flatMap(([type, byName]) =>
    Object.entries(byName).flatMap(([key, given]) => {
      const found = given.manifest === undefined ? typed(type, given.metadata) : generic(given.manifest);
      if (found === undefined) return [];
      const shared = given.count !== undefined;
      return [{ address: `${type}.${key}${shared ? "[0]" : ""}`, ...found, shared }];
    }),
  );
}

type Place = Pick<SynthesisedObject, "path" | "id">;

const pathOf = (group: string, plural: string, { name, namespace }: Metadata) =>
  `${namespace === undefined ? group : `${group}/namespaces/${namespace}`}/${plural}/${name}`;

function typed(type: string, metadata: Metadata | undefined): Place | undefined {
  const place = places[type];
  if (place === undefined || metadata === undefined) return undefined;
  const { name, namespace } = metadata;
  return { path: pathOf(...place, metadata), id: namespace === undefined ? name : `${namespace}/${name}` };
}

const definitions = { kind: "CustomResourceDefinition", plural: "customresourcedefinitions" };

/** An object that the provider has no type for; its import wants every part by name. */
function generic({ apiVersion, kind, metadata }: NonNullable<Resource["manifest"]>): Place | undefined {
  const plural = [...resourceKinds, ...monitoringKinds, definitions].find((one) => one.kind === kind)?.plural;
  if (plural === undefined) return undefined;
  const { name, namespace } = metadata;
  const parts = { apiVersion, kind, ...(namespace !== undefined && { namespace }), name };
  const id = Object.entries(parts).map(([key, value]) => `${key}=${value}`);
  return { path: pathOf(`/apis/${apiVersion}`, plural, metadata), id: id.join(",") };
}
