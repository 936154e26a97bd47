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

/** A local state that still has resources, while another backend is declared: a warning. */
export function leftBehind(clusterName: string, folder: StackFolder): Problem | undefined {
  const file = stateFile(clusterName, folder);
  const text = existsSync(file) ? readFileSync(file, "utf8") : "";
  if (text === "") return undefined;
  const { resources = [] } = JSON.parse(text) as { resources?: { mode: string }[] };
  const count = resources.filter(({ mode }) => mode === "managed").length;
  if (count === 0) return undefined;
  return {
    severity: "warning",
    file,
    path: "",
    given: `a local state of ${count} ${count === 1 ? "resource" : "resources"}, with state.backend: cloud`,
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
