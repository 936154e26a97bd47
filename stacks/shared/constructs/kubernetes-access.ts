import { KubernetesProvider } from "@cdktf/provider-kubernetes/lib/provider";
import { TerraformStack, TerraformVariable } from "cdktf";
import type { KubernetesCredentials } from "../schema/kubernetes";
import { literal } from "../terraform-text";

/** Configures the hashicorp/kubernetes provider from a kubeconfig's context, or from sensitive variables. */
export function addKubernetesProvider(stack: TerraformStack, credentials: KubernetesCredentials): void {
  if (credentials.source === "kubeconfig") {
    new KubernetesProvider(stack, "kubernetes", {
      configPath: literal(credentials.path),
      configContext: literal(credentials.context),
    });
    return;
  }
  const variable = (name: string, description: string): string =>
    new TerraformVariable(stack, name, { type: "string", sensitive: true, description }).stringValue;
  new KubernetesProvider(stack, "kubernetes", {
    host: variable("kubernetes_host", "URL of the Kubernetes API, such as https://192.168.1.10:6443."),
    clusterCaCertificate: variable("kubernetes_ca_certificate", "The cluster's CA certificate, PEM."),
    token: variable("kubernetes_token", "A bearer token of an administrator."),
  });
}
