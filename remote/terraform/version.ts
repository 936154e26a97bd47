import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Environment } from "../../values/environment";
import { UserError } from "../../values/user-error";

const timeoutSeconds = 20;

/** The version of the Terraform that the stacks run with here. @throws UserError where it cannot be asked. */
export async function terraformVersion(environment: Environment): Promise<string> {
  const program = environment.TERRAFORM_BINARY_NAME || "terraform";
  const env = { ...environment, CHECKPOINT_DISABLE: "1" };
  try {
    const { stdout } = await promisify(execFile)(program, ["version", "-json"], {
      env,
      timeout: timeoutSeconds * 1000,
    });
    return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
  } catch {
    throw new UserError(
      `${program} does not tell its version: install Terraform, or name the workspaces' with --terraform-version`,
    );
  }
}
