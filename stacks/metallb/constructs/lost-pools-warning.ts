import type { TerraformStack } from "cdktf";
import { poolDefinition, poolDefinitions } from "./pool-definitions";
import { readsConfigMap, runningControllers } from "./running-controller";

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
    const controllers = runningControllers(stack);
    const definitions = `data.kubernetes_resources.${poolDefinitions(stack, "pool-definitions").friendlyUniqueId}.objects`;
    stack.addOverride("check.lost-pools.assert", {
      condition: `\${length(${definitions}) > 0 || length([for one in ${controllers} : one if !${readsConfigMap}]) == 0}`,
      error_message: message,
    });
  }
}
