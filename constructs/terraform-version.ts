import { TerraformStack } from "cdktf";

/** The oldest Terraform that knows all that the stacks use: import blocks came with 1.5. */
const oldest = "1.5.0";

/** Makes an older Terraform refuse the stack at once, with both versions in its message. */
export function requireTerraform(stack: TerraformStack, version = oldest): void {
  stack.addOverride("terraform.required_version", `>= ${version}`);
}
