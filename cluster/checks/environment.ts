import {
  type CredentialSections,
  declaredVariables,
  ownName,
  terraformName,
} from "../../stacks/shared/sensitive-variables";
import { serverThatRuns, type StateConfig } from "../../stacks/shared/schema/state";
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

/**
 * What in the environment would do harm: variables that lead to another cluster, and secrets that Terraform would send.
 * @param config is undefined where the configuration has errors of its own.
 */
export function checkEnvironment(
  environment: Environment,
  config?: CredentialSections & { readonly state: StateConfig },
): Finding[] {
  return [...otherCluster(environment), ...(config === undefined ? [] : sentSecrets(environment, config))];
}

/** Variables that would make the Kubernetes provider use another cluster than the file's. An empty one counts as unset. */
function otherCluster(environment: Environment): Finding[] {
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

/**
 * Variables that Terraform would make run variables of, which have no sensitive form (ParseCloudRunVariables in
 * internal/cloud/cloud_variables.go); an empty one, too.
 */
function sentSecrets(
  environment: Environment,
  { state, ...sections }: CredentialSections & { readonly state: StateConfig },
): Finding[] {
  const server = serverThatRuns(state);
  if (server === undefined) return [];
  return declaredVariables(sections)
    .filter((variable) => environment[terraformName(variable)] !== undefined)
    .map((variable) => ({
      severity: "error",
      path: [terraformName(variable)],
      given: environment[terraformName(variable)] === "" ? "an empty value" : "a value (not shown)",
      expected: `this variable unset: Terraform sends it to ${server} in clear text, as a variable of each run, which takes the place of the workspace's own`,
      remedy: `run unset ${terraformName(variable)}, make ${variable} a sensitive variable of the workspace, and export ${ownName(variable)} for npx baremetal-lb, which sends it nowhere; or write execution: local under state, if that is how the workspaces execute`,
    }));
}
