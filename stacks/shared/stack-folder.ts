import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { StateConfig } from "./schema/state";

/** A stack's folder among CDKTF's output, where Terraform runs. */
export interface StackFolder {
  /** CDKTF's output folder, absolute or relative to the working directory; `cdktf.out` by default. */
  readonly outdir: string;
  readonly stack: string;
}

/** The folder's path, absolute. */
export const folderOf = ({ outdir, stack }: StackFolder): string => resolve(outdir, "stacks", stack);

/** What Terraform does not upload with a run. errored.tfstate is a state that it could not store. */
const notUploaded = [".git/", ".terraform/", "plan", "*.tfplan", "*.tfstate", "*.tfstate.*"];

/**
 * Makes a stack's folder its user's alone, and removes the plan that the last `cdktf diff` left in it, which holds what
 * the state and the variables hold: cdktf makes it anew each time, and never reads it again.
 */
export function prepareStackFolder(folder: StackFolder, backend: StateConfig["backend"]): void {
  const path = folderOf(folder);
  mkdirSync(path, { recursive: true });
  chmodSync(path, 0o700);
  rmSync(join(path, "plan"), { force: true });
  if (backend === "cloud") {
    writeFileSync(join(path, ".terraformignore"), notUploaded.map((line) => `${line}\n`).join(""));
  }
}
