import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { TerraformStack } from "cdktf";
import { namespaceName } from "../release/component";
import { quoted } from "../../shared/terraform-text";

/** Expression: the Deployment of the controller that runs, as a list of one or none. */
export function runningControllers(stack: TerraformStack): string {
  const { friendlyUniqueId } = new DataKubernetesResources(stack, "running-controller", {
    apiVersion: "apps/v1",
    kind: "Deployment",
    namespace: namespaceName,
    // A list, since one object that does not exist would be an error.
    fieldSelector: "metadata.name=controller",
  });
  return `data.kubernetes_resources.${friendlyUniqueId}.objects`;
}

/** Expression: whether `one` of them is MetalLB 0.9 to 0.12, which reads a ConfigMap, and knows no classes of Services. */
export const readsConfigMap = `can(regex(${quoted(":v0[.](9|1[0-2])[.]")}, one.spec.template.spec.containers[0].image))`;
