import { type TerraformStack, TerraformVariable } from "cdktf";
import { forms, mistakesOf, type SensitiveVariable, terraformName } from "../sensitive-variables";
import { quoted } from "../terraform-text";
import { oldestWithEphemeral } from "../terraform-versions";
import { requireTerraform } from "./terraform-version";

/**
 * A sensitive variable of a stack, as an expression. Its value is looked at before anything is connected to: with an empty
 * address the Kubernetes provider would take the cluster that it finds itself in.
 *
 * Terraform shows a value that it refuses, sensitive or not (evalVariableValidations in internal/terraform/eval_variable.go
 * takes the mark off). So of a secret it is asked only whether it is there.
 */
export function sensitiveVariable(stack: TerraformStack, name: SensitiveVariable): string {
  const set = `set ${terraformName(name)}, or where a server runs Terraform the variable ${name} of the workspace.`;
  const { description, secret } = forms[name];
  const shown = mistakesOf(name, set).slice(0, secret ? 1 : undefined);
  const found = shown.map(({ pattern, matches, message }) => {
    const matching = `can(regex(${quoted(pattern)}, var.${name}))`;
    return { isMade: matches === "mistake" ? matching : `!${matching}`, message };
  });
  const variable = new TerraformVariable(stack, name, {
    type: "string",
    sensitive: true,
    description,
    validation: found.map(({ isMade, message: errorMessage }, index) => {
      // One mistake is said once: whatever follows from it is none.
      const before = found.slice(0, index).map((earlier) => earlier.isMade);
      return { condition: `\${${[...before, `!${isMade}`].join(" || ")}}`, errorMessage };
    }),
  });
  if (areEphemeral(stack)) {
    variable.addOverride("ephemeral", true);
    requireTerraform(stack, oldestWithEphemeral);
  }
  return variable.stringValue;
}

const context = "ephemeral-variables";

/**
 * Has a stack's variables be in no plan: a plan holds the value of each variable that is not ephemeral, sensitive or not, and
 * where a server runs Terraform it keeps the plans. Before the stack has anything else.
 */
export const keepOutOfPlans = (stack: TerraformStack): void => stack.node.setContext(context, true);

const areEphemeral = (stack: TerraformStack): boolean => stack.node.tryGetContext(context) === true;
