import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../../terraform/project";

/** A Kubernetes object that a stack declares. */
export interface SynthesisedObject {
  /** Terraform's address: kubernetes_config_map_v1.config */
  readonly address: string;
  /** Where the API has it: /api/v1/namespaces/metallb-system/configmaps/config */
  readonly path: string;
  /** What Terraform's import calls it: metallb-system/config */
  readonly id: string;
}

const rbac = "/apis/rbac.authorization.k8s.io/v1";

/** The API's group and plural of each resource type of the provider that a stack may declare and Terraform can import. */
const places: Readonly<Record<string, readonly [group: string, plural: string]>> = {
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
  kubernetes_pod_security_policy_v1beta1: ["/apis/policy/v1beta1", "podsecuritypolicies"],
};

type Resources = Readonly<
  Record<string, Readonly<Record<string, { metadata?: { name: string; namespace?: string } }>>>
>;

/** The objects of a synthesised stack, in the order of its file. */
export function synthesisedObjects(stack: Stack): SynthesisedObject[] {
  const { resource } = JSON.parse(readFileSync(join(stack.folder, "cdk.tf.json"), "utf8")) as { resource: Resources };
  return Object.entries(resource).flatMap(([type, byName]) => {
    const place = places[type];
    if (place === undefined) return [];
    const [group, plural] = place;
    return Object.entries(byName).flatMap(([key, { metadata }]) => {
      if (metadata === undefined) return [];
      const { name, namespace } = metadata;
      const folder = namespace === undefined ? group : `${group}/namespaces/${namespace}`;
      return [
        {
          address: `${type}.${key}`,
          path: `${folder}/${plural}/${name}`,
          id: namespace === undefined ? name : `${namespace}/${name}`,
        },
      ];
    });
  });
}
