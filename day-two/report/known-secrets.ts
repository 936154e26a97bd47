import { existsSync, readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parse } from "yaml";
import { isMapping } from "../../cluster/schema-tree";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { tokenFor } from "../../remote/cloud/token";
import type { CredentialSources } from "../../remote/ssh/credentials";
import { forms, ownName, type SensitiveVariable, terraformName } from "../../stacks/shared/sensitive-variables";
import { expandHome } from "../../values/paths";
import { findInstallations } from "../metallb/installation";
import type { Redaction } from "./redaction";

/** Variables of the environment whose values are secret, whatever they are for. */
const secretVariable =
  /^(TF_VAR_|TF_TOKEN_|BAREMETAL_LB_)|PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|CREDENTIAL|(PRIVATE|API|ACCESS)_?KEY$/i;

/** Of this project's own variables those that everybody may see. */
const openVariables: readonly string[] = Object.entries(forms)
  .filter(([, { secret }]) => !secret)
  .flatMap(([variable]) => [ownName(variable as SensitiveVariable), terraformName(variable as SensitiveVariable)]);

/** Takes note of the environment's secrets, those within addresses and within OpenTofu's TF_ENCRYPTION too. */
export function knowEnvironment(redaction: Redaction, { environment }: Pick<CredentialSources, "environment">): void {
  for (const [name, value = ""] of Object.entries(environment)) {
    if (secretVariable.test(name) && !openVariables.includes(name) && !/^\d+$/.test(value)) redaction.know(value);
    for (const [, password = ""] of value.matchAll(/:\/\/[^\s/:@]*:([^\s@]+)@/g)) {
      redaction.know(password);
      redaction.know(urlDecoded(password));
    }
    if (name !== "TF_ENCRYPTION") continue;
    for (const [, text] of value.matchAll(/(?:passphrase|key|token)"?\s*[=:]\s*"([^"]+)"/g)) redaction.know(text);
  }
}

/**
 * Takes note of the secrets of the files that a cluster.yaml names, whatever else is wrong with it: the SSH key, kubeconfigs, the
 * token of the server that has the states; and of what stands in the file itself. Files that cannot be read have none.
 * @param text that of the cluster.yaml.
 */
export function knowFiles(redaction: Redaction, text: string, sources: CredentialSources): void {
  const { home } = sources;
  const declared = parsed(text);
  redaction.data(declared);
  const named = (...path: string[]): string | undefined => {
    const value = path.reduce<unknown>((found, key) => (isMapping(found) ? found[key] : undefined), declared);
    return typeof value === "string" ? value : undefined;
  };
  redaction.know(contentOf(named("ssh", "privateKeyFile"), home));
  for (const path of [named("kubernetes", "kubeconfig") ?? "~/.kube/config", named("state", "kubeconfig")])
    knowKubeconfig(redaction, path, home);
  if (named("state", "backend") === "cloud") {
    try {
      redaction.know(tokenFor(named("state", "hostname") ?? "app.terraform.io", sources));
    } catch {
      // That there is none is said where it is needed.
    }
  }
}

function knowKubeconfig(redaction: Redaction, path: string | undefined, home: string): void {
  const content = parsed(contentOf(path, home) ?? "");
  if (path === undefined || !isMapping(content)) return;
  // Tokens and passwords, by the names of their keys.
  redaction.data(content);
  const users = Array.isArray(content["users"]) ? (content["users"] as readonly unknown[]) : [];
  const beside = dirname(expandHome(path, home));
  for (const one of users) {
    const user = isMapping(one) && isMapping(one["user"]) ? one["user"] : {};
    const text = (key: string) => (typeof user[key] === "string" ? user[key] : undefined);
    redaction.know(Buffer.from(text("client-key-data") ?? "", "base64").toString("utf8"));
    for (const key of ["client-key", "tokenFile"]) {
      const file = text(key);
      if (file !== undefined) redaction.know(contentOf(resolve(beside, file), home));
    }
  }
}

/**
 * Takes note of the Secrets of MetalLB's namespace: the memberlist's key, passwords of BGP sessions, the webhook's key.
 * @returns what is to be said where they cannot be read.
 */
export async function knowCluster(redaction: Redaction, api: KubernetesApi): Promise<string | undefined> {
  try {
    const { metallb } = await findInstallations(api);
    const { namespace, memberlistSecret } = metallb;
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    const listed = await api.get(path).catch(apiProblem);
    // Who may not list them may read the one.
    const found =
      typeof listed === "string" ? { items: [await api.get(`${path}/${memberlistSecret ?? "memberlist"}`)] } : listed;
    const { items = [] } = (found ?? {}) as { readonly items?: readonly (SecretObject | undefined)[] };
    for (const { type, data = {} } of items.filter((one) => one !== undefined)) {
      // A chart's whole text, compressed.
      if (type === "helm.sh/release.v1") continue;
      Object.entries(data).forEach(([key, value]) => redaction.knowSecret(key, value));
    }
    return typeof listed === "string"
      ? `The Secrets of ${namespace} may not be listed (${listed}): what they hold, but for ${memberlistSecret}, is found by its look alone.`
      : undefined;
  } catch (error) {
    return `The cluster's Secrets could not be read (${apiProblem(error)}): what they hold is found by its look alone.`;
  }
}

interface SecretObject {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
}

function parsed(text: string): unknown {
  try {
    return parse(text, { logLevel: "silent" });
  } catch {
    return undefined;
  }
}

function contentOf(path: string | undefined, home: string): string | undefined {
  const file = path === undefined ? "" : expandHome(path, home);
  try {
    return existsSync(file) ? readFileSync(file, "utf8") : undefined;
  } catch {
    return undefined;
  }
}

function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
