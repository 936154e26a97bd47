import { chmodSync, closeSync, existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { dirname, relative, resolve } from "node:path";
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

/**
 * How many resources a stack's local state has. A state of the stack that is declared to be elsewhere has none, but where
 * it was not moved there.
 */
export function resourcesInLocalState(clusterName: string, folder: StackFolder): number {
  const file = stateFile(clusterName, folder);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text === "") return 0;
  const { resources = [] } = JSON.parse(text) as { resources?: { mode: string }[] };
  return resources.filter(({ mode }) => mode === "managed").length;
}
