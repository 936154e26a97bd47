import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { terraformProgram } from "../../stacks/shared/terraform-program";
import type { Environment } from "../../values/environment";
import { UserError } from "../../values/user-error";

const timeoutSeconds = 20;

/**
 * The version of the Terraform that the stacks run with here.
 * @throws UserError where it cannot be asked, and of OpenTofu, whose versions are none of Terraform's
 */
export async function terraformVersion(environment: Environment): Promise<string> {
  const { file, product } = terraformProgram(environment);
  const orName = "name the version of the workspaces with --terraform-version";
  if (product === "OpenTofu") {
    throw new UserError(
      `${file} is OpenTofu, which has other versions than the Terraform of the workspaces: ${orName}`,
    );
  }
  const env = { ...environment, CHECKPOINT_DISABLE: "1" };
  try {
    const { stdout } = await promisify(execFile)(file, ["version", "-json"], {
      env,
      timeout: timeoutSeconds * 1000,
    });
    return (JSON.parse(stdout) as { terraform_version: string }).terraform_version;
  } catch {
    throw new UserError(`${file} does not tell its version: install Terraform, or ${orName}`);
  }
}
