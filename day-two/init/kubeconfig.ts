import { existsSync, readFileSync } from "node:fs";
import { delimiter, isAbsolute, join, relative, resolve } from "node:path";
import { parse } from "yaml";
import { isMapping } from "../../cluster/schema-tree";
import type { Environment } from "../../values/environment";
import { expandHome } from "../../values/paths";
import { systemProblem, UserError } from "../../values/user-error";

/** A context of a kubeconfig, and what cluster.yaml is to say of it. */
export interface FoundContext {
  /** The file's path as cluster.yaml has it: below ~, or absolute. */
  readonly path: string;
  readonly context: string;
  /** The name of the context's cluster in that file. */
  readonly clusterName: string;
  /** "https://192.168.1.10:6443" */
  readonly server: string;
}

export interface KubeconfigOptions {
  /** As kubectl's --kubeconfig. @default KUBECONFIG, or ~/.kube/config */
  readonly kubeconfig?: string;
  /** As kubectl's --context. @default the current one */
  readonly context?: string;
}

export interface Surroundings {
  readonly environment: Environment;
  readonly home: string;
  /** What relative paths start from. */
  readonly folder: string;
}

interface Kubeconfig {
  readonly file: string;
  readonly content: Readonly<Record<string, unknown>>;
}

/**
 * Finds the kubeconfig and the context as kubectl does: --kubeconfig, the files of KUBECONFIG, or ~/.kube/config. Terraform
 * takes one file, so the context has to be whole in one.
 * @throws UserError where there is none, or the context is not in it, or leads to another file.
 */
export function findContext(options: KubeconfigOptions, surroundings: Surroundings): FoundContext {
  const { home } = surroundings;
  const named = namedFiles(options, surroundings);
  const there = named.filter((file) => existsSync(file));
  if (there.length === 0) {
    throw new UserError(
      `there is no kubeconfig: ${named.map((file) => shortened(file, home)).join(", ")} does not exist; expected the file that kubectl uses: name it with --kubeconfig`,
    );
  }
  const files = there.map((file) => readKubeconfig(file, home));
  const context = options.context ?? currentContext(files, home);
  const holder = files.find(({ content }) => entry(content, "contexts", context) !== undefined);
  const where = there.map((file) => shortened(file, home)).join(", ");
  if (holder === undefined) {
    const known = files.flatMap(({ content }) => namesOf(content, "contexts"));
    throw new UserError(
      `${where} has no context ${context}; it has ${known.join(", ") || "none"}: name one with --context`,
    );
  }
  const path = shortened(holder.file, home);
  const ofContext = mappingIn(entry(holder.content, "contexts", context), "context");
  const [clusterName, user] = [textIn(ofContext, "cluster"), textIn(ofContext, "user")];
  const cluster = entry(holder.content, "clusters", clusterName);
  if (cluster === undefined || entry(holder.content, "users", user) === undefined) {
    throw new UserError(
      `context ${context} of ${path} needs cluster ${clusterName || "(none)"} and user ${user || "(none)"}, which are not both in that file; expected all three in one file, since cluster.yaml names one: kubectl config view --flatten > FILE, then --kubeconfig FILE`,
    );
  }
  return { path, context, clusterName, server: textIn(mappingIn(cluster, "cluster"), "server") };
}

function namedFiles({ kubeconfig }: KubeconfigOptions, { environment, home, folder }: Surroundings): string[] {
  const absolute = (path: string) => resolve(folder, expandHome(path, home));
  if (kubeconfig !== undefined) return [absolute(kubeconfig)];
  const listed = (environment["KUBECONFIG"] ?? "").split(delimiter).filter((path) => path !== "");
  return listed.length > 0 ? listed.map(absolute) : [join(home, ".kube", "config")];
}

function readKubeconfig(file: string, home: string): Kubeconfig {
  const path = shortened(file, home);
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw systemProblem(`the kubeconfig ${path} cannot be read`, error);
  }
  try {
    const content: unknown = parse(text, { logLevel: "error" });
    if (isMapping(content)) return { file, content };
  } catch {
    // The parser's message quotes the text, which holds credentials.
  }
  throw new UserError(`${path} is no kubeconfig; expected the file that kubectl --kubeconfig takes`);
}

function currentContext(files: readonly Kubeconfig[], home: string): string {
  const current = files.map(({ content }) => textIn(content, "current-context")).find((name) => name !== "");
  if (current !== undefined) return current;
  const known = files.flatMap(({ content }) => namesOf(content, "contexts"));
  throw new UserError(
    `${files.map(({ file }) => shortened(file, home)).join(", ")} has no current context; it has ${known.join(", ") || "none"}: name one with --context`,
  );
}

/** "~/.kube/config" */
function shortened(file: string, home: string): string {
  const below = relative(home, file);
  return below === "" || below.startsWith("..") || isAbsolute(below) ? file : `~/${below}`;
}

type Content = Readonly<Record<string, unknown>>;

const entries = (content: Content, key: string): readonly Content[] => {
  const list = content[key];
  return Array.isArray(list) ? list.filter(isMapping) : [];
};

const namesOf = (content: Content, key: string): string[] => entries(content, key).map((one) => textIn(one, "name"));

const entry = (content: Content, key: string, name: string): Content | undefined =>
  entries(content, key).find((one) => textIn(one, "name") === name);

function mappingIn(content: Content | undefined, key: string): Content {
  const value = content?.[key];
  return isMapping(value) ? value : {};
}

/** A name may be a number to YAML. */
function textIn(content: Content, key: string): string {
  const value = content[key];
  return value === undefined || value === null ? "" : String(value);
}
