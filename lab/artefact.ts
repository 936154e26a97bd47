import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Lab } from "./lab-settings";
import type { Progress } from "./progress";
import { readReady } from "./ready";

/** A folder of the cache, named by what went into it: made once, remade when an input changes. */
export interface Artefact {
  readonly name: string;
  /** Everything that decides the content, as JSON. */
  readonly inputs: readonly unknown[];
  readonly title: string;
  readonly hint?: string;
  /** Fills the folder, which is empty at first; its output goes to the log file. */
  readonly make: (folder: string, logFile: string) => Promise<void>;
}

export function artefactFolder(lab: Lab, artefact: Pick<Artefact, "name" | "inputs">): string {
  const key = createHash("sha256").update(JSON.stringify(artefact.inputs)).digest("hex").slice(0, 12);
  return join(lab.cache, `${artefact.name}-${key}`);
}

/** Gives the artefact's folder, made first if it is not there. */
export async function provide(lab: Lab, artefact: Artefact, progress: Progress): Promise<string> {
  const folder = artefactFolder(lab, artefact);
  if (existsSync(folder)) return folder;
  mkdirSync(lab.logs, { recursive: true });
  const logFile = join(lab.logs, `${artefact.name}.log`);
  rmSync(logFile, { force: true });
  // Under another name until it is whole: one that was interrupted is never taken for done.
  const unfinished = join(lab.cache, `.${artefact.name}.${process.pid}`);
  removeMatching(lab.cache, `.${artefact.name}.`);
  mkdirSync(unfinished, { recursive: true });
  await progress.step(artefact.title, () => artefact.make(unfinished, logFile), artefact.hint);
  // Those of before, except what a running cluster was started from.
  removeMatching(
    lab.cache,
    `${artefact.name}-`,
    Object.values(readReady(lab) ?? {})
      .flat()
      .map(String),
  );
  renameSync(unfinished, folder);
  return folder;
}

/** Removes what is named `<start><one word>`, and so leaves alone other artefacts whose name starts alike. */
function removeMatching(folder: string, start: string, keep: readonly string[] = []): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    const path = join(folder, entry);
    const matches = entry.startsWith(start) && /^[0-9a-f]+$/.test(entry.slice(start.length));
    if (matches && !keep.some((used) => used.startsWith(path))) rmSync(path, { recursive: true, force: true });
  }
}

/** A digest of a file, or of all files below a folder with their names and whether they can be executed. */
export function contentDigest(...paths: readonly string[]): string {
  const hash = createHash("sha256");
  const add = (path: string, name: string) => {
    const status = statSync(path);
    if (status.isDirectory()) {
      for (const entry of readdirSync(path).sort()) add(join(path, entry), `${name}/${entry}`);
    } else {
      hash.update(`${name}\0${status.mode & 0o100 ? "x" : "-"}\0`).update(readFileSync(path));
    }
  };
  for (const path of paths) add(path, "");
  return hash.digest("hex");
}

/** A digest that is quick for large files: name, size and time. */
export function statusDigest(...paths: readonly string[]): string {
  const hash = createHash("sha256");
  for (const path of paths) {
    const status = statSync(path);
    hash.update(`${path}\0${status.size}\0${status.mtimeMs}\0`);
  }
  return hash.digest("hex");
}
