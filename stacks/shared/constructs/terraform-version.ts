import { TerraformStack } from "cdktf";
import { isSince } from "../../../values/versions";
import { oldestTerraform } from "../terraform-versions";

/** What each stack asks for already. */
const required = new WeakMap<TerraformStack, string>();

/** Makes an older Terraform refuse the stack at once, with both versions in its message. Of several versions the newest counts. */
export function requireTerraform(stack: TerraformStack, version: string = oldestTerraform): void {
  const before = required.get(stack);
  if (before !== undefined && isSince(before, version)) return;
  required.set(stack, version);
  stack.addOverride("terraform.required_version", `>= ${version}`);
}
