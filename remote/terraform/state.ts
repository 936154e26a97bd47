import { failureText } from "./failure-text";
import type { Stack } from "./stack";
import type { Terraform } from "./terraform";
import { UserError } from "../../values/user-error";

const listSeconds = 60;
const showSeconds = 120;

/** The addresses of a stack's resources in its state, without data sources. @throws UserError if it cannot be read. */
export async function addressesInState(terraform: Terraform, stack: Stack): Promise<Set<string>> {
  const { code, stdout, output } = await terraform.run(stack, ["state", "list", "-no-color"], listSeconds);
  if (code !== 0 && !output.includes("No state file was found")) {
    const { program } = terraform;
    throw new UserError(
      `${program.command} state list of the stack ${stack.name} failed: ${failureText(program, stack, output)}`,
    );
  }
  // OpenTofu prints warnings of its own configuration among them.
  const isAddress = (line: string) => /^\w+\.\S+$/.test(line) && !line.startsWith("data.");
  return new Set(stdout.split("\n").filter(isAddress));
}

/**
 * A stack's state with its sensitive marks, as `terraform show -json` has it; of one that was never written almost nothing. It
 * holds secrets, and is not locked for it.
 * @throws UserError if it cannot be read.
 */
export async function stateJson(terraform: Terraform, stack: Stack): Promise<unknown> {
  const { code, stdout, output } = await terraform.run(stack, ["show", "-json", "-no-color"], showSeconds);
  if (code === 0) return shownJson(stdout);
  throw new UserError(`${terraform.program.command} show of the stack ${stack.name} failed: ${output.trim()}`);
}

/** OpenTofu prints warnings of its own configuration in front of it. */
export const shownJson = (stdout: string): unknown => JSON.parse(stdout.slice(stdout.search(/^\{/m)));

/** The output by which a state that was moved says where it went. */
export const movedToOutput = "moved_to";
