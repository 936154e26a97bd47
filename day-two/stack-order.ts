import { asksToDeploy } from "../stacks/shared/deploy-first";
import type { Stack } from "../remote/terraform/stack";
import { isUnknownKind } from "../remote/terraform/unknown-kind";

/** Whether the plan of a stack failed for want of what another one makes: by a condition of ours, or for an unknown kind. */
export const waitsForAnother = (message: string, stacks: readonly Pick<Stack, "name">[]): boolean =>
  isUnknownKind(message) || stacks.some(({ name }) => asksToDeploy(message, name));
