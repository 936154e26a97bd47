import { exec } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Environment } from "../../values/environment";
import { UserError } from "../../values/user-error";
import { endedWithUs } from "../interruption";
import { knownSynthesisErrors } from "./known-errors";
import type { Stack } from "./stack";

/** A CDKTF project and where it puts its output. */
export interface Project {
  /** The folder with cdktf.json. */
  readonly folder: string;
  /** Absolute. */
  readonly outdir: string;
  readonly environment: Environment;
}

export interface ProjectOptions {
  /** As cdktf's own --output. Default: the environment variable CDKTF_OUTDIR, cdktf.json's output, or cdktf.out. */
  readonly output?: string;
}

const synthSeconds = 120;

export function openProject(folder: string, environment: Environment, { output }: ProjectOptions = {}): Project {
  const outdir = output || environment.CDKTF_OUTDIR || cdktfJson(folder).output || "cdktf.out";
  return { folder, environment, outdir: resolve(folder, outdir) };
}

/**
 * Runs the app that cdktf.json names, as cdktf does, and gives its stacks, each behind those that it depends on.
 * @throws UserError with what the app printed.
 */
export async function synthesise({ folder, outdir, environment }: Project): Promise<Stack[]> {
  const { app } = cdktfJson(folder);
  const env = { ...environment, CDKTF_OUTDIR: outdir };
  await new Promise<void>((done, refuse) => {
    const child = exec(app, { cwd: folder, env, timeout: synthSeconds * 1000 }, (error, stdout, stderr) =>
      error ? refuse(new UserError(synthesisFailure(app, stderr || stdout || error.message))) : done(),
    );
    endedWithUs(child);
  });
  return stacksOf(outdir);
}

/** Our words and the line that has the app's; all of it where there are none of ours. */
function synthesisFailure(app: string, said: string): string {
  for (const { says, means } of knownSynthesisErrors) {
    const line = said.split("\n").find((one) => says.test(one));
    const found = says.exec(line ?? "");
    if (found !== null) return `'${app}' failed: ${means(found)}\n${found.input}`;
  }
  return `'${app}' failed:\n${said.trimEnd()}`;
}

interface SynthesisManifest {
  readonly stacks: Readonly<
    Record<
      string,
      { readonly name: string; readonly workingDirectory: string; readonly dependencies: readonly string[] }
    >
  >;
}

/** The stacks of an output folder, each behind those that it depends on. */
export function stacksOf(outdir: string): Stack[] {
  const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8")) as SynthesisManifest;
  const ordered: Stack[] = [];
  const visit = (name: string) => {
    const stack = stacks[name];
    if (stack === undefined || ordered.some((known) => known.name === name)) return;
    stack.dependencies.forEach(visit);
    ordered.push({ name, folder: join(outdir, stack.workingDirectory) });
  };
  Object.keys(stacks).forEach(visit);
  return ordered;
}

function cdktfJson(folder: string): { readonly app: string; readonly output?: string } {
  const file = join(folder, "cdktf.json");
  if (!existsSync(file)) {
    throw new UserError(`there is no cdktf.json in ${folder}: run this in the project's folder`);
  }
  return JSON.parse(readFileSync(file, "utf8"));
}
