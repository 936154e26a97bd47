import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
import type { Problem } from "../../values/problem";
import { UserError } from "../../values/user-error";
import { folderOf, type StackFolder } from "./stack-folder";

/** A stack's state file: beside CDKTF's output is one folder, git-ignored, with every cluster's. */
export const stateFile = (clusterName: string, { outdir, stack }: StackFolder): string =>
  resolve(outdir, "..", ".state", clusterName, `${stack}.tfstate`);

/** The state file's path as Terraform is to see it: from the stack's folder, and so the same on every machine. */
export const localStatePath = (clusterName: string, folder: StackFolder): string =>
  relative(folderOf(folder), stateFile(clusterName, folder));

/**
 * Makes a stack's state file and its backup where they are missing, readable by their owner alone: Terraform itself
 * would make them readable by everybody (it opens them with mode 0666), and they hold the memberlist secret. It takes
 * an empty file for a state that does not exist yet.
 */
export function prepareLocalState(clusterName: string, folder: StackFolder): void {
  const file = stateFile(clusterName, folder);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  for (const path of [file, `${file}.backup`]) {
    closeSync(openSync(path, "a", 0o600));
    chmodSync(path, 0o600);
  }
}

/** A state file, as far as it is read here. */
interface StateFile {
  readonly resources?: readonly { readonly mode: string; readonly type: string; readonly name: string }[];
  /** In place of all else where OpenTofu encrypts its state. */
  readonly encrypted_data?: string;
}

/**
 * The backup of a local state that still has a resource which the state has not: a warning. Terraform renews the backup
 * with the next change only, whenever that is.
 * @param address of a resource that holds a secret.
 */
export function keptInBackup(clusterName: string, folder: StackFolder, address: string): Problem | undefined {
  const state = stateFile(clusterName, folder);
  const file = `${state}.backup`;
  const has = (path: string) => read(path).resources?.some(({ type, name }) => `${type}.${name}` === address) ?? false;
  // Before the deploy that takes it out of the state, the backup is not what is to be said.
  if (has(state) || !has(file)) return undefined;
  return {
    severity: "warning",
    file,
    path: "",
    given: `a backup with ${address}, a secret that the state itself does not have any more`,
    expected: "no copy of it",
    remedy: "remove the file once the deploy has succeeded: Terraform makes the next one with its next change",
  };
}

/**
 * How many resources a stack's local state has, or that it is encrypted, so that nobody can count them. A state of the stack
 * that is declared to be elsewhere has none, but where it was not moved there.
 */
export function resourcesInLocalState(clusterName: string, folder: StackFolder): number | "encrypted" {
  const { resources = [], encrypted_data: encrypted } = read(stateFile(clusterName, folder));
  return encrypted === undefined ? resources.filter(({ mode }) => mode === "managed").length : "encrypted";
}

/** @throws UserError where it was cut off: Terraform writes a local state in place. */
function read(file: string): StateFile {
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text === "") return {};
  try {
    return JSON.parse(text) as StateFile;
  } catch (error) {
    const message = `${file} is no whole state, as a full disk or a kill leaves it: put a copy in its place, such as the backup beside it`;
    throw new UserError(message, { cause: error });
  }
}
