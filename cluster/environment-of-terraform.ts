import { readFileSync } from "node:fs";
import type { Environment } from "../values/environment";

/** cdktf sets it for synthesis, and for nothing else (synth-stack.ts in its cli-core). */
const setForSynthesis = "SYNTH_HCL_OUTPUT";

/** The environment that Terraform will have. */
export interface EnvironmentOfTerraform {
  readonly environment: Environment;
  /** Whether cdktf started synthesis, and what it has is known. */
  readonly ofCdktf: boolean;
  /** Whether cdktf is known to be deploying. */
  readonly deploys: boolean;
}

/**
 * The environment that Terraform will have, as synthesis sees it. cdktf takes what begins with TF_VAR_ out of synthesis'
 * own, so it is looked up in that of cdktf itself, which on Linux can be done. Values are not taken over.
 * @param parent is the process that started this one.
 */
export function environmentOfTerraform(environment: Environment, parent = process.ppid): EnvironmentOfTerraform {
  if (environment[setForSynthesis] === undefined) return { environment, ofCdktf: false, deploys: false };
  const cdktf = findCdktf(parent);
  if (cdktf === undefined) return { environment, ofCdktf: false, deploys: false };
  const hidden = cdktf.variables.filter(([name]) => name.startsWith("TF_VAR_"));
  const shown = hidden.map(([name, value]) => [name, value === "" ? "" : "(not shown)"] as const);
  return {
    environment: { ...environment, ...Object.fromEntries(shown) },
    ofCdktf: true,
    deploys: cdktf.words.includes("deploy") || cdktf.words.includes("apply"),
  };
}

interface CdktfProcess {
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** Of its command line. */
  readonly words: readonly string[];
}

/**
 * The nearest process above that is not part of synthesis itself, as a shell between is. Undefined on
 * another system than Linux, and for a process of somebody else.
 */
function findCdktf(process: number): CdktfProcess | undefined {
  try {
    const variables = readFileSync(`/proc/${process}/environ`, "utf8")
      .split("\0")
      .map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)] as const);
    if (!variables.some(([name]) => name === setForSynthesis)) {
      return { variables, words: readFileSync(`/proc/${process}/cmdline`, "utf8").split("\0") };
    }
    // Behind the command, which may have any character and stands in parentheses: state, then the parent.
    const stat = readFileSync(`/proc/${process}/stat`, "utf8");
    return findCdktf(Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]));
  } catch {
    return undefined;
  }
}
