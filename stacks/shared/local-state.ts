import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import type { Problem } from "../../values/problem";
import { folderOf, type StackFolder } from "./stack-folder";

/** A stack's state file: beside CDKTF's output is one folder, git-ignored, with every cluster's. */
const stateFile = (clusterName: string, { outdir, stack }: StackFolder): string =>
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
  forgetOtherCluster(join(folderOf(folder), ".terraform", "terraform.tfstate"), localStatePath(clusterName, folder));
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
  const has = (path: string) => {
    const text = existsSync(path) ? readFileSync(path, "utf8") : "";
    const { resources = [] } = text === "" ? {} : (JSON.parse(text) as StateFile);
    return resources.some(({ type, name }) => `${type}.${name}` === address);
  };
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

/** A local state that still has resources, while another backend is declared: a warning. */
export function leftBehind(clusterName: string, folder: StackFolder): Problem | undefined {
  const file = stateFile(clusterName, folder);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text === "") return undefined;
  const { resources = [], encrypted_data: encrypted } = JSON.parse(text) as StateFile;
  const count = resources.filter(({ mode }) => mode === "managed").length;
  if (count === 0 && encrypted === undefined) return undefined;
  const found =
    encrypted === undefined
      ? `a local state of ${count} ${count === 1 ? "resource" : "resources"}`
      : "an encrypted local state";
  return {
    severity: "warning",
    file,
    path: "",
    given: `${found}, with state.backend: cloud`,
    expected: "none: a deploy makes anew what the workspace does not have",
    remedy: "write backend: local again, or, once the workspace has them, move the file away",
  };
}

/**
 * Removes Terraform's note of where the folder's state is, if that is another cluster's: Terraform would refuse to go
 * on, and offer to copy the one cluster's state over the other's.
 */
function forgetOtherCluster(note: string, path: string): void {
  if (!existsSync(note)) return;
  const { backend } = JSON.parse(readFileSync(note, "utf8")) as {
    backend?: { type: string; config: { path?: string } };
  };
  if (backend?.type === "local" && backend.config.path !== path) rmSync(note);
}
