import type { Environment } from "../../values/environment";
import type { KubernetesCredentials } from "./schema/kubernetes";
import type { SshAuthentication } from "./schema/ssh";

/** The sensitive Terraform variables that stacks declare, by the section of the configuration that asks for them. */
const ofKubernetes = ["kubernetes_host", "kubernetes_ca_certificate", "kubernetes_token"] as const;
const ofSsh = ["ssh_private_key"] as const;

export type SensitiveVariable = (typeof ofKubernetes)[number] | (typeof ofSsh)[number];

/** What a configuration has to say to know which variables its stacks declare. */
export interface CredentialSections {
  readonly kubernetes: { readonly credentials: KubernetesCredentials };
  readonly ssh: { readonly authentication: SshAuthentication };
}

/** The variables that a configuration's stacks declare. */
export const declaredVariables = ({ kubernetes, ssh }: CredentialSections): readonly SensitiveVariable[] => [
  ...(kubernetes.credentials.source === "variables" ? ofKubernetes : []),
  ...(ssh.authentication.method === "variable" ? ofSsh : []),
];

/** Where Terraform finds a variable. Where it does not run the stack itself, it sends the value to the server. */
export const terraformName = (variable: SensitiveVariable): string => `TF_VAR_${variable}`;

/** Where the commands find it, which Terraform does not know, and so sends nowhere. */
export const ownName = (variable: SensitiveVariable): string => `BAREMETAL_LB_${variable.toUpperCase()}`;

/** A variable's value as the commands take it. An empty one, as of a secret that CI does not have, is none. */
export const valueOf = (variable: SensitiveVariable, environment: Environment): string | undefined =>
  environment[ownName(variable)] || environment[terraformName(variable)] || undefined;

/** The values of the stacks' variables under Terraform's names, for a Terraform that runs here. */
export const forTerraform = (sections: CredentialSections, environment: Environment): Environment =>
  Object.fromEntries(
    declaredVariables(sections).map((variable) => [terraformName(variable), valueOf(variable, environment)]),
  );
