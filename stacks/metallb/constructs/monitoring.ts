import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import type { ITerraformDependable, TerraformStack } from "cdktf";
import { literalJson } from "../../shared/terraform-text";
import { accessObjects, definitionOf, monitoringKinds, operatorObjects } from "../monitoring/monitoring-objects";
import type { MetallbConfig } from "../schema/metallb";
import { fieldManager } from "./field-manager";
import { manifestResource } from "./manifest-object";

/**
 * What Prometheus needs to watch MetalLB. Its operator's kinds may come to the cluster later than MetalLB, which is not to wait
 * for them: where one is missing its objects are left out, and a plan says so.
 */
export function monitoring(
  stack: TerraformStack,
  metallb: MetallbConfig,
  { namespace }: { readonly namespace: ITerraformDependable },
): void {
  for (const object of accessObjects(metallb)) {
    manifestResource(stack, object, { dependsOn: object.metadata.namespace === undefined ? [] : [namespace] });
  }
  const objects = operatorObjects(metallb);
  for (const { kind, plural } of monitoringKinds) {
    const ofKind = objects.filter((object) => object.kind === kind);
    if (ofKind.length === 0) continue;
    const found = new DataKubernetesResources(stack, `${plural}-definitions`, {
      apiVersion: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      fieldSelector: `metadata.name=${definitionOf(plural)}`,
    });
    const definitions = `data.kubernetes_resources.${found.friendlyUniqueId}.objects`;
    for (const object of ofKind) {
      const id = `${kind.toLowerCase()}-${object.metadata.name}`;
      const resource = new Manifest(stack, id, { manifest: literalJson(object), fieldManager, dependsOn: [namespace] });
      resource.overrideLogicalId(id);
      resource.addOverride("count", `\${min(1, length(${definitions}))}`);
    }
    stack.addOverride(`check.${plural}.assert`, {
      condition: `\${length(${definitions}) > 0}`,
      error_message:
        `The cluster has no CustomResourceDefinition ${definitionOf(plural)}, so that metallb.monitoring writes no ${kind}.` +
        " Install Prometheus' operator, then deploy metallb again.",
    });
  }
}
