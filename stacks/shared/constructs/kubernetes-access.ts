import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack } from "cdktf";
import type { KubernetesCredentials } from "../schema/kubernetes";
import { literal } from "../terraform-text";
import { sensitiveVariable } from "./sensitive-variable";

/** Configures the hashicorp/kubernetes provider from a kubeconfig's context, or from sensitive variables. */
export function addKubernetesProvider(stack: TerraformStack, credentials: KubernetesCredentials): void {
  if (credentials.source === "kubeconfig") {
    new KubernetesProvider(stack, "kubernetes", {
      configPath: literal(credentials.path),
      configContext: literal(credentials.context),
    });
    return;
  }
  new KubernetesProvider(stack, "kubernetes", {
    host: sensitiveVariable(stack, "kubernetes_host"),
    clusterCaCertificate: sensitiveVariable(stack, "kubernetes_ca_certificate"),
    token: sensitiveVariable(stack, "kubernetes_token"),
  });
}
