import { isDeepStrictEqual } from "node:util";
import { endRun } from "../cloud/runs";
import { saysText } from "./failure-text";
import { inOurWords } from "./known-errors";
import { planOnServer, type StackPlan } from "./plan";
import type { Stack } from "./stack";
import { diagnosesIn, type ServerRun } from "./run-on-server";
import { plain, type Terraform } from "./terraform";
import { UserError } from "../../values/user-error";

/** Longest rollout of a large cluster, and a margin: each step of an apply has a bound of its own. */
const applySeconds = 4 * 3600;

/** Applies exactly what a plan says. @throws UserError with what Terraform, or the script on a node, printed. */
export async function applyPlan(terraform: Terraform, plan: StackPlan): Promise<void> {
  const { stack, options } = plan;
  const run = terraform.server === undefined ? undefined : await keptPlan(terraform, plan);
  const args = ["apply", "-input=false", "-no-color", "-lock-timeout=20s", options.out];
  const { code, output } = await terraform.run(stack, args, applySeconds);
  if (code !== 0) {
    const where = run === undefined ? "" : ` (${run.url})`;
    throw new UserError(`the apply of the stack ${stack.name} failed${where}:\n${failure(terraform, stack, output)}`);
  }
  if (run !== undefined && !output.includes("Apply complete!")) {
    throw new UserError(`the stack ${stack.name} was not applied: its run was discarded or canceled (${run.url})`);
  }
}

/** A plan that was speculative until now, made once more to be applied. @throws UserError where it is another one. */
async function keptPlan(terraform: Terraform, { stack, options, changes }: StackPlan): Promise<ServerRun> {
  const { plan, run } = await planOnServer(terraform, stack, options, { kept: true });
  if (isDeepStrictEqual(plan.changes, changes)) return run;
  const { cloud } = terraform;
  const isDiscarded =
    cloud !== undefined &&
    (await endRun(cloud, run.id).then(
      () => true,
      () => false,
    ));
  throw new UserError(
    `the plan of the stack ${stack.name} is not what was shown any more, and nothing was applied: ${isDiscarded ? `its run is discarded (${run.url}), begin again` : `discard its run, ${run.url}, and begin again`}`,
  );
}

/** Longest line that is shown whole: a server may print a whole configuration in one. */
const longestLine = 500;

/** What the node's script said, our words where we have some, and Terraform's from the first error on. */
function failure({ program }: Terraform, stack: Stack, output: string): string {
  const lines = plain(output)
    .split("\n")
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)} …` : line));
  const first = lines.findIndex((line) => line.startsWith("Error:"));
  const said = lines.slice(0, first).filter((line) => line.includes("baremetal-lb:"));
  const { words, others } = inOurWords({ program, stack }, diagnosesIn(output));
  const inItsWords = words.length > 0 && others.length === 0 ? [] : lines.slice(first);
  const between = words.length > 0 && inItsWords.length > 0 ? [saysText(program)] : [];
  return [...said.slice(-10), ...words, ...between, ...inItsWords].join("\n");
}
