import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { project } from "../markdown";
import type { CiMachine } from "./ci-machine";

type Variables = Readonly<Record<string, string>>;

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Variables;
}
interface Job {
  readonly if?: string;
  readonly needs?: string;
  readonly environment?: string;
  readonly permissions?: Variables;
  readonly outputs?: Variables;
  readonly "runs-on": string | readonly string[];
  readonly env: Variables;
  readonly steps: readonly Step[];
}
export interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Variables;
  readonly jobs: Readonly<Record<string, Job>>;
}

export const workflow = (name: string): Workflow =>
  parse(readFileSync(join(project, "docs/ci", name), "utf8")) as Workflow;

/** How a job ended. */
export interface JobEnd {
  /** The step that failed; undefined where none did. */
  readonly failed: string | undefined;
  /** The whole log. */
  readonly log: string;
  readonly summary: string;
  readonly outputs: Variables;
}

/** Runs the scripts of a job one after the other, as GitHub does, with the values of these expressions. */
export async function runJob(
  machine: CiMachine,
  { env, steps, outputs = {} }: Job,
  values: Variables,
): Promise<JobEnd> {
  const known: Record<string, string> = { ...values };
  const evaluated = (variables: Variables = {}) =>
    Object.fromEntries(Object.entries(variables).map(([name, text]) => [name, expression(text, known)]));
  const summary = machine.path("summary.md");
  writeFileSync(summary, "");
  let log = "";
  let failed: string | undefined;
  for (const { name, id, run, env: own } of steps) {
    if (run === undefined) continue;
    const output = machine.path("output");
    writeFileSync(output, "");
    const github = { GITHUB_STEP_SUMMARY: summary, GITHUB_OUTPUT: output };
    // As GitHub does without `shell`.
    const script = machine.path("step.sh");
    writeFileSync(script, run);
    const ended = await machine.shell(["bash", "-e", script], { ...evaluated(env), ...evaluated(own), ...github });
    log += ended.output;
    for (const line of machine.read("output").split("\n")) {
      const [, key = "", value = ""] = /^(\w+)=(.*)$/.exec(line) ?? [];
      if (key !== "") known[`steps.${id}.outputs.${key}`] = value;
    }
    if (ended.code !== 0) {
      failed = name ?? run;
      break;
    }
  }
  return { failed, log, summary: machine.read("summary.md"), outputs: evaluated(outputs) };
}

/** The text with its expressions' values; a secret that is not set is empty. */
function expression(text: string, values: Variables): string {
  return text.replace(/\$\{\{ (.+?) \}\}/g, (_whole, name: string) => {
    const value = values[name] ?? (name.startsWith("secrets.") ? "" : undefined);
    if (value === undefined) throw new Error(`no value for the expression ${name}`);
    return value;
  });
}
