import type { Environment } from "../../values/environment";
import type { Finding } from "../../values/problem";

/**
 * The variables that hashicorp/kubernetes 2.38 reads: kubernetes/provider.go, and for kubernetes_manifest
 * manifest/provider/configure.go, where they override the provider's own arguments.
 */
const providerVariables = [
  "KUBE_CLIENT_CERT_DATA",
  "KUBE_CLIENT_KEY_DATA",
  "KUBE_CLUSTER_CA_CERT_DATA",
  "KUBE_CONFIG_PATH",
  "KUBE_CONFIG_PATHS",
  "KUBE_CTX",
  "KUBE_CTX_AUTH_INFO",
  "KUBE_CTX_CLUSTER",
  "KUBE_HOST",
  "KUBE_INSECURE",
  "KUBE_PASSWORD",
  "KUBE_PROXY_URL",
  "KUBE_TLS_SERVER_NAME",
  "KUBE_TOKEN",
  "KUBE_USER",
  "KUBE_USERNAME",
] as const;

/** Variables that would make the Kubernetes provider use another cluster than the file's. An empty one counts as unset. */
export function checkEnvironment(environment: Environment): Finding[] {
  return providerVariables
    .filter((name) => (environment[name] ?? "") !== "")
    .map((name) => ({
      severity: "error",
      path: [name],
      given: "a value (not shown)",
      expected:
        "this variable unset: in version 2.38 of the Kubernetes provider it overrides the cluster that the file names",
      remedy: `run unset ${name}`,
    }));
}
