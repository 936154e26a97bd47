import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { TerraformStack } from "cdktf";

/** The CRD whose objects are the pools. */
export const poolDefinition = "ipaddresspools.metallb.io";

/** That CRD, as a list of one or none, since one object that does not exist would be an error. */
export const poolDefinitions = (stack: TerraformStack, id: string): DataKubernetesResources =>
  new DataKubernetesResources(stack, id, {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    fieldSelector: `metadata.name=${poolDefinition}`,
  });
