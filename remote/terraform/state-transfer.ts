import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { failureText } from "./failure-text";
import type { Stack } from "./stack";
import { movedToOutput } from "./state";
import type { Terraform } from "./terraform";
import { UserError } from "../../values/user-error";

const transferSeconds = 120;
const lockSeconds = 20;

/** What of a state as Terraform stores it is looked at. */
export interface StateContent {
  /** Grows with each change. */
  readonly serial: number;
  /** The same for all states of one history. */
  readonly lineage: string;
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly resources?: readonly { readonly mode: string }[];
}

/** A state. It holds secrets. */
export interface StateSnapshot extends StateContent {
  /** All of it, as Terraform wrote it. */
  readonly text: string;
}

/** How many resources a state has, without data sources. */
export const managedResources = ({ resources = [] }: StateContent): number =>
  resources.filter(({ mode }) => mode === "managed").length;

/** A state out of its text; undefined where that is empty, or of a state that was never written. */
export function snapshotOf(text: string): StateSnapshot | undefined {
  if (text.trim() === "") return undefined;
  const content = JSON.parse(text) as StateContent;
  return content.lineage === "" ? undefined : { ...content, text };
}

/** A stack's state; undefined where there is none. @throws UserError if it cannot be read. */
export async function pullState(terraform: Terraform, stack: Stack): Promise<StateSnapshot | undefined> {
  const { code, stdout, output } = await terraform.run(stack, ["state", "pull", "-no-color"], transferSeconds);
  if (code === 0) return snapshotOf(stdout);
  throw new UserError(
    `the state of the stack ${stack.name} cannot be read: ${failureText(terraform.program, stack, output)}`,
  );
}

/**
 * Stores a state, under the lock. Terraform counts its serial up by one, and refuses one that does not follow the state
 * that is there, unless that is empty, or with `force`.
 * @throws UserError
 */
export async function pushState(
  terraform: Terraform,
  stack: Stack,
  text: string,
  { force = false }: { readonly force?: boolean } = {},
): Promise<void> {
  const file = join(stack.folder, "pushed.tfstate");
  await writeFile(file, text, { mode: 0o600 });
  try {
    const options = ["-no-color", `-lock-timeout=${lockSeconds}s`, ...(force ? ["-force"] : [])];
    const { code, output } = await terraform.run(stack, ["state", "push", ...options, file], transferSeconds);
    if (code === 0) return;
    throw new UserError(
      `the state of the stack ${stack.name} cannot be written: ${failureText(terraform.program, stack, output)}`,
    );
  } finally {
    await rm(file, { force: true });
  }
}

/** The same state as a later one. */
export const withSerial = ({ text }: StateSnapshot, serial: number): string =>
  // At the head, before anything that could have such a key.
  text.replace(/"serial": \d+/, `"serial": ${serial}`);

/** A state without anything, which may go on the history of another one. */
export const emptyState = (lineage: string, serial: number, movedTo?: string): string =>
  JSON.stringify({
    version: 4,
    serial,
    lineage,
    outputs: movedTo === undefined ? {} : { [movedToOutput]: { value: movedTo, type: "string" } },
    resources: [],
  });
