import { mistakeIn, ownName, type SensitiveVariable, valueOf } from "../stacks/shared/sensitive-variables";
import type { Environment } from "../values/environment";
import { UserError } from "../values/user-error";

/**
 * The value of a variable that the stacks declare.
 * @param because says what of the configuration asks for it.
 * @throws UserError, which never shows the value.
 */
export function sensitiveValue(variable: SensitiveVariable, environment: Environment, because: string): string {
  const value = valueOf(variable, environment);
  if (value === undefined) throw new UserError(`${because}, and ${ownName(variable)} is not set: export it here`);
  const mistake = mistakeIn(variable, value);
  if (mistake !== undefined) throw new UserError(mistake.message);
  return value;
}
