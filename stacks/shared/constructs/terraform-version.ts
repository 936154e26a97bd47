import { TerraformStack } from "cdktf";
import { oldestTerraform } from "../terraform-versions";

/** Makes an older Terraform refuse the stack at once, with both versions in its message. */
export function requireTerraform(stack: TerraformStack, version: string = oldestTerraform): void {
  stack.addOverride("terraform.required_version", `>= ${version}`);
}
