import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { TerraformStack } from "cdktf";
import { namespaceName } from "../release/component";
import { quoted } from "../../shared/terraform-text";
import { poolDefinition, poolDefinitions } from "./pool-definitions";

const message =
  `MetalLB runs, and the cluster has no CustomResourceDefinition ${poolDefinition}: with it all pools are gone, those that others` +
  " made, too, and the controller takes the addresses of all Services away, or has done so. The stacks make CRD and pools" +
  " again, but Services then get addresses in whatever order the controller meets them. See which Service has which address" +
  " before anything else is done: kubectl get services -A -o wide. More in docs/undo.md, section Deleted by hand.";

/**
 * Says in the plan what is lost where the pools' kind was deleted under a MetalLB that runs. A warning, since the deploy is
 * what mends it; a check of Terraform's hinders neither that nor a destroy. MetalLB up to 0.12 needs no such kind.
 */
export class LostPoolsWarning {
  constructor(stack: TerraformStack) {
    const controllers = new DataKubernetesResources(stack, "running-controller", {
      apiVersion: "apps/v1",
      kind: "Deployment",
      namespace: namespaceName,
      fieldSelector: "metadata.name=controller",
    });
    const objects = ({ friendlyUniqueId }: DataKubernetesResources) =>
      `data.kubernetes_resources.${friendlyUniqueId}.objects`;
    const definitions = objects(poolDefinitions(stack, "pool-definitions"));
    const readsConfigMap = `can(regex(${quoted(":v0[.](9|1[0-2])[.]")}, one.spec.template.spec.containers[0].image))`;
    stack.addOverride("check.lost-pools.assert", {
      condition: `\${length(${definitions}) > 0 || length([for one in ${objects(controllers)} : one if !${readsConfigMap}]) == 0}`,
      error_message: message,
    });
  }
}
