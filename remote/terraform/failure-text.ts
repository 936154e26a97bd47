import type { TerraformProgram } from "../../stacks/shared/terraform-program";
import { inOurWords } from "./known-errors";
import type { Stack } from "./stack";
import { diagnosesIn, type Diagnosis, endOf } from "./run-on-server";

/** Longest text of one error: a server may print a whole configuration. */
const longestError = 2000;

/** What is said between our words and those of the program. */
export const saysText = ({ product }: TerraformProgram): string => `${product} says:`;

/** Errors for the user, each once and in a line of its own: in our words those that are known, then in the program's. */
export function diagnosesText(program: TerraformProgram, stack: Stack, diagnoses: readonly Diagnosis[]): string {
  const { words, others } = inOurWords({ program, stack }, diagnoses);
  const between = words.length > 0 && others.length > 0 ? [saysText(program)] : [];
  return [...words, ...between, ...others]
    .map((text) => (text.length > longestError ? `${text.slice(0, longestError)} …` : text))
    .join("\n");
}

/** The errors in what Terraform printed for people, for the user; its last lines where there is none. */
export const failureText = (program: TerraformProgram, stack: Stack, output: string): string =>
  diagnosesText(program, stack, diagnosesIn(output)) || endOf(output, { framed: false });
