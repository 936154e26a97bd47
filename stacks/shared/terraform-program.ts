import { basename } from "node:path";
import type { Environment } from "../../values/environment";

/** The program that plans and applies the stacks. */
export interface TerraformProgram {
  /** What is started: a name that is looked for in PATH, or a path. */
  readonly file: string;
  /** What people type: "terraform", "tofu". */
  readonly command: string;
  readonly product: "Terraform" | "OpenTofu";
}

/** The program of an environment. TERRAFORM_BINARY_NAME is cdktf's own variable. @default terraform */
export function terraformProgram({ TERRAFORM_BINARY_NAME: named }: Environment): TerraformProgram {
  const file = named || "terraform";
  const command = basename(file);
  return { file, command, product: /tofu/i.test(command) ? "OpenTofu" : "Terraform" };
}
