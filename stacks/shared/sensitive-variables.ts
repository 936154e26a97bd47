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

/** What a value has to be like; patterns are in what Go's regexp and JavaScript both read. */
interface Form {
  readonly description: string;
  /** Completes "expected …". */
  readonly expected: string;
  readonly pattern: string;
  /** The value's beginning in base64. */
  readonly base64?: string;
  /** Whether it may not be shown to anybody. */
  readonly secret: boolean;
}

const pem = (label: string) => `-----BEGIN ${label}-----\\r?\\n[\\s\\S]+-----END ${label}-----`;

/** "-----BEGIN" in base64. */
const pemInBase64 = "^\\s*LS0tLS1CRUdJTi";

export const forms: Readonly<Record<SensitiveVariable, Form>> = {
  kubernetes_host: {
    description: "URL of the Kubernetes API, such as https://192.168.1.10:6443.",
    expected: "the URL of the Kubernetes API, such as https://192.168.1.10:6443",
    pattern: "^https://[^\\s/]+(/\\S*)?$",
    secret: false,
  },
  kubernetes_ca_certificate: {
    description: "The cluster's CA certificate, PEM.",
    expected: "the cluster's CA certificate in PEM form, with its line breaks, from -----BEGIN CERTIFICATE----- on",
    pattern: pem("CERTIFICATE"),
    base64: pemInBase64,
    secret: false,
  },
  kubernetes_token: {
    description: "A bearer token of an administrator.",
    expected: "a bearer token in one line, without spaces",
    pattern: "^[\\x21-\\x7e]+$",
    secret: true,
  },
  ssh_private_key: {
    description: "The private key, PEM or OpenSSH format, that every node accepts for ssh.user.",
    expected: "a private key in PEM or OpenSSH form, with its line breaks, from -----BEGIN … PRIVATE KEY----- on",
    pattern: pem("[A-Z0-9 ]*PRIVATE KEY"),
    base64: pemInBase64,
    secret: true,
  },
};

/** A mistake in a value, with the pattern that finds it. */
export interface Mistake {
  readonly pattern: string;
  /** Whether the pattern is of the mistake, or of a value without it. */
  readonly matches: "mistake" | "right";
  readonly message: string;
}

/**
 * What can be wrong with a value, in the order to look: the first that applies says it.
 * @param set says where to set it.
 */
export function mistakesOf(variable: SensitiveVariable, set: string): Mistake[] {
  const { expected, pattern, base64 } = forms[variable];
  const message = (what: string, remedy = set) => `${variable} is ${what}; expected ${expected}; ${remedy}`;
  return [
    { pattern: "^\\s*$", matches: "mistake", message: message("empty, as a secret is that CI does not have") },
    ...(base64 === undefined
      ? []
      : [
          {
            pattern: base64,
            matches: "mistake" as const,
            message: message("in base64, as a kubeconfig has it", `decode it with base64 -d, then ${set}`),
          },
        ]),
    { pattern, matches: "right", message: message("of another form") },
  ];
}

/** The first mistake in a value. */
export const mistakeIn = (variable: SensitiveVariable, value: string): Mistake | undefined =>
  mistakesOf(variable, `set ${ownName(variable)}`).find(
    ({ pattern, matches }) => new RegExp(pattern).test(value) === (matches === "mistake"),
  );
