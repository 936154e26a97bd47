import {
  type CredentialSections,
  declaredVariables,
  ownName,
  terraformName,
} from "../../stacks/shared/sensitive-variables";
import { serverThatRuns, type StateConfig } from "../../stacks/shared/schema/state";
import type { Environment } from "../../values/environment";
import { type Finding, pathText, type Problem } from "../../values/problem";

/** What of a configuration says which variables there are, and who runs Terraform. */
type VariableSections = CredentialSections & { readonly state: StateConfig };

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
export function checkEnvironment(environment: Environment, config?: VariableSections): Problem[] {
  const sent = config === undefined ? [] : sentSecrets(environment, config);
  return [...otherCluster(environment), ...sent].map(inEnvironment);
}

/** What Terraform would ask for where nobody can answer, and wait for: cdktf shows it no end of its input. */
export function checkAnswers(environment: Environment, { state, ...sections }: VariableSections): Problem[] {
  if (serverThatRuns(state) !== undefined || ["0", "false"].includes(environment.TF_INPUT ?? "")) return [];
  return declaredVariables(sections)
    .map(terraformName)
    .filter((name) => environment[name] === undefined)
    .map((name) =>
      inEnvironment({
        severity: "error",
        path: [name],
        given: "nothing",
        expected: "a value: Terraform would ask for it, and there is no terminal to answer at",
        remedy: `export ${name}, or, where it is given in another way, TF_INPUT=0, with which Terraform never asks`,
      }),
    );
}

const inEnvironment = ({ severity, path, given, expected, remedy }: Finding): Problem => ({
  severity,
  file: "environment",
  path: pathText(path),
  given,
  expected,
  remedy,
});

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
function sentSecrets(environment: Environment, { state, ...sections }: VariableSections): Finding[] {
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
