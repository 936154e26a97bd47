import { readFileSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../../stacks/shared/shell-word";
import type { TerraformProgram } from "../../stacks/shared/terraform-program";
import type { Stack } from "./stack";
import type { Diagnosis } from "./run-on-server";

/** Where an error came up. */
interface Place {
  readonly program: TerraformProgram;
  readonly stack: Stack;
}

/** An error that users meet, in the words of Terraform, of a provider or of a library of theirs. */
interface KnownError {
  /** What its text has in it: summary and detail, each without line breaks of the terminal's width. */
  readonly says: RegExp;
  /** What it is, and the way out. Of several that come to the same words one is told. */
  readonly means: (found: RegExpExecArray, place: Place, detail: string) => string;
  /** Whether our words have all that there is to know. @default false: Terraform's follow below */
  readonly isWhole?: boolean;
}

/**
 * Every error that is told in our words. Of those that fit the first counts. Real texts of each are beside the test; the
 * documents have them as docs/terraform-errors.md.
 */
export const knownErrors: readonly KnownError[] = [
  { says: /^Error acquiring the state lock/, means: (_, place, detail) => lockedText(place, detail), isWhole: true },
  {
    says: /^Unsupported (?:Terraform|OpenTofu) Core version(?:.* version (\d+\.\d+\.\d+))?/s,
    means: ([, version = "its version is unknown"], { program: { product }, stack }) =>
      `this ${product} (${version}) is too old: install ${product} ${requiredVersion(stack)} or later`,
    isWhole: true,
  },
  // Conditions of ours are whole by themselves.
  { says: /^Resource (?:pre|post)condition failed/, means: (_, __, detail) => detail, isWhole: true },
  {
    says: /^Invalid value for variable/,
    means: (_, __, detail) => detail.replace(/\s*This was checked by the validation rule.*$/s, ""),
    isWhole: true,
  },

  {
    // Of file-beside.ts.
    says: /no file exists at "\.\/([^"/]+\.sh)"/,
    means: ([, file], { stack: { name } }) =>
      `${file} is missing beside the configuration of the stack ${name}: synthesise again (npx cdktf synth), or copy the .sh files along with it`,
    isWhole: true,
  },

  // SSH. The connection's own words are "timeout - last error: …" of Terraform's communicator.
  {
    says: /no file exists at "([^"]+)"/,
    means: ([, file], { program: { product } }) =>
      `there is no file ${file} on the machine where ${product} runs: put the SSH key there, or correct ssh.privateKeyFile in cluster.yaml`,
  },
  {
    says: /SSH authentication failed \((?:[^@]*@)?(\S+)\): .*knownhosts: key mismatch/,
    means: ([, host]) =>
      `${host} has another SSH host key than cluster.yaml, and was refused: if the machine was set up anew, npx baremetal-lb trust shows both keys and records the new one; if not, find out who answers there`,
  },
  {
    says: /SSH authentication failed \(([^@]*)@(\S+)\): .*unable to authenticate/,
    means: ([, user, host]) =>
      `${host} does not let the user ${user} in with this SSH key: put its public key into ~${user}/.ssh/authorized_keys there, or correct ssh in cluster.yaml`,
  },
  {
    says: /timeout - last error: dial tcp (\S+): connect: connection refused/,
    means: ([, host]) =>
      `${host} refuses connections: see whether sshd runs there, and on that port (ssh.port in cluster.yaml)`,
  },

  // Where the state is. Before the Kubernetes API, since both may be HTTP.
  {
    says: /HTTP remote state endpoint (requires|invalid) auth/,
    means: ([, which]) =>
      `the server that keeps the state ${which === "requires" ? "asks for credentials" : "does not let these credentials in"}: export TF_HTTP_USERNAME and TF_HTTP_PASSWORD with what it accepts`,
  },
  {
    says: /Failed to get state: GET (\S+) giving up.*: (dial tcp .*)/,
    means: ([, url, why]) =>
      `the server that keeps the state does not answer at ${url} (${why}): see whether it runs, and state.address in cluster.yaml`,
  },
  {
    says: /^dial tcp (\S+): (?:connect: )?(.*)/,
    means: ([, address, why]) =>
      `the server that keeps the state does not answer at ${address} (${why}): see whether it runs, and what the environment says of its address, such as PGHOST`,
  },
  {
    says: /^No valid credential sources found/,
    means: () =>
      "there are no credentials for S3, where the state is: export AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE",
  },
  {
    says: /^Backend configuration changed/,
    means: (_, { stack: { name, folder } }) =>
      `the state of the stack ${name} was elsewhere when ${join(folder, ".terraform")} was made: npx baremetal-lb state move takes it to where cluster.yaml says; where it is there already, remove that folder`,
  },

  // Providers.
  {
    says: /provider\s+(\S+\/\S+): (?:no available releases match the given constraints (\S+)|.* was not found in any of the search locations)/,
    means: ([, provider, version], { program: { product } }) =>
      `${product} looks for its providers in ~/.terraform.d/plugins, or in a mirror of provider_installation in its CLI configuration, and ${provider}${version === undefined ? "" : ` ${version}`} is not there: put it there`,
  },
  {
    says: /could not connect to registry\.|registry service is unreachable|Failed to query available provider packages.*(?:dial tcp|could not connect)/s,
    means: ({ input }, { program: { product } }) => {
      const named = input.matchAll(/provider\s+(\S+\/\S+\/\S+|\S+\/\S+?):/g);
      const providers = [...new Set([...named].map(([, name]) => name))].join(", ");
      return `${product} cannot get its providers (${providers || "none is named"}): the registry cannot be reached from here. Point to a mirror with provider_installation in ${product}'s CLI configuration, or put the providers into ~/.terraform.d/plugins`;
    },
  },

  // The Kubernetes API: of hashicorp/kubernetes and the libraries that it is made of.
  {
    // Without a kubeconfig the provider asks localhost.
    says: /'config_path' refers to an invalid path: "([^"]*)"|no client config|"http:\/\/localhost\/api/,
    means: (_, { program: { product } }) =>
      `there is no kubeconfig where ${product} runs: put it there, or correct kubernetes.kubeconfig in cluster.yaml`,
  },
  {
    says: /context "([^"]*)" does not exist/,
    means: ([, context]) =>
      `the kubeconfig has no context ${context}: kubectl config get-contexts shows those that it has; correct kubernetes.context in cluster.yaml`,
  },
  {
    says: /"(https?:\/\/[^/"]+)[^"]*": dial tcp \S+: connect: connection refused/,
    means: ([, server]) =>
      `the Kubernetes API at ${server} refuses connections: see whether the API server runs there, and whether the kubeconfig has its address`,
  },
  {
    says: /"(https?:\/\/[^/"]+)[^"]*": tls: failed to verify certificate: x509: certificate has expired or is not yet valid/,
    means: ([, server]) =>
      `the certificate of the Kubernetes API at ${server} has expired, or the clock of this machine is wrong: on each control-plane node kubeadm certs renew all, then restart the API server`,
  },
  {
    says: /"(https?:\/\/[^/"]+)[^"]*": tls: failed to verify certificate: x509: certificate is valid for (.*), not (\S+)/,
    means: ([, server, names, name]) =>
      `the certificate of the Kubernetes API at ${server} is not for ${name}, but for ${names}: name one of these as the server in the kubeconfig`,
  },
  {
    says: /"(https?:\/\/[^/"]+)[^"]*": tls: failed to verify certificate: x509: (.*)/,
    means: ([, server, why]) =>
      `the certificate of the Kubernetes API at ${server} is not accepted (${why}): take the kubeconfig of a control-plane node anew, which has the cluster's CA`,
  },
  {
    says: /^Unauthorized\b|the server has asked for the client to provide credentials|not accepted by the API server/,
    means: () =>
      "the Kubernetes API does not accept the token or the certificate (401), which has expired or was taken back: get another one, such as with kubectl -n kube-system create token baremetal-lb",
  },
  {
    says: /is forbidden: User "([^"]*)" cannot/,
    means: ([, user]) =>
      `the Kubernetes API does not allow all of this to ${user} (403): npx baremetal-lb rbac prints an account that may do what the stacks need`,
  },
];

/** Of the app that cdktf.json names. */
export const knownSynthesisErrors: readonly {
  readonly says: RegExp;
  readonly means: (found: RegExpExecArray) => string;
}[] = [
  {
    says: /Cannot find (?:package|module) '([^']+)'/,
    means: ([, name]) => `${name} is not there: install this project's packages with npm ci, in its folder`,
  },
];

const textOf = ({ summary, detail }: Diagnosis) => (detail === "" ? summary : `${summary}: ${detail}`);

/** The errors in our words, each once, where they are known; and those of which Terraform's own words are of use. */
export function inOurWords(
  place: Place,
  diagnoses: readonly Diagnosis[],
): { readonly words: readonly string[]; readonly others: readonly string[] } {
  const told = diagnoses.map((diagnosis) => {
    const text = textOf(diagnosis);
    for (const { says, means, isWhole = false } of knownErrors) {
      const found = says.exec(text);
      if (found !== null) return { text, words: means(found, place, diagnosis.detail), isWhole };
    }
    return { text, words: undefined, isWhole: false };
  });
  return {
    words: [...new Set(told.flatMap(({ words }) => words ?? []))],
    others: [...new Set(told.filter(({ isWhole }) => !isWhole).map(({ text }) => text))],
  };
}

/** "1.5" of a stack that says ">= 1.5.0". */
function requiredVersion({ folder }: Stack): string {
  const { terraform } = JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as {
    readonly terraform: { readonly required_version: string };
  };
  return terraform.required_version.replace(/^>= /, "").replace(/\.0$/, "");
}

/** Who holds a state's lock, as far as the backend says it, and the way out where that run was killed. */
function lockedText({ program: { command, product }, stack }: Place, detail: string): string {
  const unlock = (id: string) => ` If it was killed: ${command} -chdir=${shellWord(stack.folder)} force-unlock ${id}`;
  const held = `another run of ${product} holds the state's lock`;
  // With these three, who and since when are those of the request itself here: State.Lock in internal/cloud/state.go,
  // http/client.go and pg/client.go of its backends.
  const workspace = /\(lock ID: "([^"]+)"\)/.exec(detail)?.[1];
  if (workspace !== undefined) {
    return `the workspace ${workspace} is locked; its page on the server says by whom: wait for that to end.${unlock(workspace)}`;
  }
  const ofHttp = /HTTP remote state already locked: ID=(\S+)/.exec(detail)?.[1];
  if (ofHttp !== undefined) return `${held}: wait for it to end.${unlock(ofHttp)}`;
  if (detail.includes("Workspace is already locked")) {
    return `${held}: wait for it to end. PostgreSQL lets go of it when the connection of that run has ended`;
  }
  const [, id] = /^\s*ID:\s+(.+)$/m.exec(detail) ?? [];
  const [, who] = /^\s*Who:\s+(.+)$/m.exec(detail) ?? [];
  const [, since] = /^\s*Created:\s+(.+)$/m.exec(detail) ?? [];
  const holder = who === undefined ? "" : ` (${who}, since ${since})`;
  return `${held}${holder}: wait for it to end.${id === undefined ? "" : unlock(id)}`;
}
