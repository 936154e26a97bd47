import {
  DataKubernetesResources,
  type DataKubernetesResourcesConfig,
} from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { TerraformStack } from "cdktf";

export interface ResourcesInNamespacesConfig extends Omit<DataKubernetesResourcesConfig, "namespace"> {
  /** Expression: a set of their names. */
  readonly namespaces: string;
}

/**
 * Objects of several namespaces, one request each: where no namespace is given, the provider takes `default` for it, and
 * not all of them (hashicorp/terraform-provider-kubernetes, manifest/provider/datasource.go, also of 3.2).
 */
export class ResourcesInNamespaces extends DataKubernetesResources {
  constructor(scope: TerraformStack, id: string, { namespaces, ...config }: ResourcesInNamespacesConfig) {
    super(scope, id, { ...config, namespace: "${each.key}" });
    this.addOverride("for_each", `\${${namespaces}}`);
  }

  private get address(): string {
    return `data.${this.terraformResourceType}.${this.friendlyUniqueId}`;
  }

  /** Expression: those of all namespaces, in one list. */
  get everywhere(): string {
    return `flatten([for one in ${this.address} : one.objects])`;
  }

  /** Expression: those of the namespace that a resource with the same namespaces is at. */
  get here(): string {
    return `${this.address}[each.key].objects`;
  }
}

/** Expression: the set of all namespaces of the cluster. */
export function allNamespaces(stack: TerraformStack): string {
  const found = new DataKubernetesResources(stack, "all-namespaces", { apiVersion: "v1", kind: "Namespace" });
  return `toset(data.kubernetes_resources.${found.friendlyUniqueId}.objects[*].metadata.name)`;
}
