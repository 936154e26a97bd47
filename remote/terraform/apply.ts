import type { Stack } from "./project";
import { plain, type Terraform } from "./terraform";
import { UserError } from "../../values/user-error";

/** Longest rollout of a large cluster, and a margin: each step of an apply has a bound of its own. */
const applySeconds = 4 * 3600;

/** Applies exactly what a plan file says. @throws UserError with what Terraform, or the script on a node, printed. */
export async function applyPlan(terraform: Terraform, stack: Stack, planFile: string): Promise<void> {
  const args = ["apply", "-input=false", "-no-color", "-lock-timeout=20s", planFile];
  const { code, output } = await terraform.run(stack, args, applySeconds);
  if (code !== 0) throw new UserError(`the apply of the stack ${stack.name} failed:\n${failure(output)}`);
}

/** From the first error on, with what the node's script said before it. */
function failure(output: string): string {
  const lines = plain(output).split("\n");
  const first = lines.findIndex((line) => line.startsWith("Error:"));
  const said = lines.slice(0, first).filter((line) => line.includes("baremetal-lb:"));
  return [...said.slice(-10), ...lines.slice(first)].join("\n");
}
