import type { Stack } from "./project";
import type { Terraform } from "./terraform";
import { UserError } from "../../values/user-error";

/** What `terraform show -json` says of one resource in a plan. */
export interface ResourceChange {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  /** Such as replace_by_triggers, where only another resource's change is the cause. */
  readonly action_reason?: string;
  readonly change: {
    readonly actions: readonly string[];
    readonly before: Record<string, unknown> | null;
    readonly after: Record<string, unknown> | null;
    /** true where a value is known after the apply only; nested as `after` is. So are the two below. */
    readonly after_unknown?: unknown;
    readonly before_sensitive: unknown;
    readonly after_sensitive: unknown;
    readonly importing?: { readonly id: string };
  };
}

/** What applying a stack would change. */
export interface StackPlan {
  readonly stack: Stack;
  /** In the plan file that it was asked to write. */
  readonly changes: readonly ResourceChange[];
  /** Whether the stack's state holds anything. */
  readonly deployed: boolean;
}

export interface PlanOptions {
  /** The plan file to write: it holds secrets, so its folder must be the user's alone. */
  readonly out: string;
  /** Addresses to replace although nothing about them changed. */
  readonly replace?: readonly string[];
}

/** How long to wait for another run that holds the state's lock, by default. */
const defaultLockSeconds = 20;
const planSeconds = 600;

/** Plans a stack; changes nothing. @throws UserError with Terraform's own diagnosis. */
export async function planStack(
  terraform: Terraform,
  stack: Stack,
  options: PlanOptions,
  lockSeconds = defaultLockSeconds,
): Promise<StackPlan> {
  const { out, replace = [] } = options;
  const flags = ["-input=false", "-detailed-exitcode", `-lock-timeout=${lockSeconds}s`, `-out=${out}`, "-json"];
  const args = ["plan", ...flags, ...replace.map((address) => `-replace=${address}`)];
  const { code, stdout, output } = await terraform.run(stack, args, planSeconds);
  if (code === 0) return { stack, changes: [], deployed: true };
  if (code !== 2) throw new UserError(diagnosis(stdout) || output.trim());
  const shown = await terraform.run(stack, ["show", "-json", "-no-color", out], planSeconds);
  if (shown.code !== 0) throw new UserError(`the plan of ${stack.name} cannot be shown: ${shown.output.trim()}`);
  const plan = JSON.parse(shown.stdout) as { resource_changes?: ResourceChange[]; prior_state?: { values?: object } };
  const changes = (plan.resource_changes ?? []).filter(isChange);
  return { stack, changes, deployed: hasResources(plan.prior_state?.values) };
}

const isChange = ({ change }: ResourceChange) =>
  change.importing !== undefined || !["no-op", "read"].includes(change.actions[0] ?? "no-op");

/** Data sources stand in the prior state too, before anything was deployed. */
function hasResources(values: object | undefined): boolean {
  const { root_module: module } = (values ?? {}) as { root_module?: { resources?: { mode: string }[] } };
  return module?.resources?.some(({ mode }) => mode === "managed") ?? false;
}

interface Diagnostic {
  readonly severity: string;
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
}

/** The errors of `-json` output, one after the other: "summary: detail". */
function diagnosis(stdout: string): string {
  return stdout
    .split("\n")
    .filter((line) => line.includes('"diagnostic"'))
    .map((line) => (JSON.parse(line) as { diagnostic: Diagnostic }).diagnostic)
    .filter(({ severity }) => severity === "error")
    .map(({ summary, detail }) => inWords(summary, detail))
    .join("\n");
}

function inWords(summary: string, detail: string): string {
  if (summary === "Error acquiring the state lock") {
    const who = /Who:\s+(\S+)/.exec(detail)?.[1];
    const since = /Created:\s+(.+)/.exec(detail)?.[1];
    return `another run of Terraform holds the state's lock${who ? ` (${who}, since ${since})` : ""}: wait for it to end. If it was killed, see terraform force-unlock`;
  }
  if (summary === "Unsupported Terraform Core version") {
    const version = /version (\d+\.\d+\.\d+)/.exec(detail)?.[1] ?? "its version is unknown";
    return `this Terraform (${version}) is too old: install Terraform 1.5 or later`;
  }
  // A condition of ours is whole by itself.
  if (/^Resource (pre|post)condition failed$/.test(summary)) return detail;
  if (summary === "Invalid value for variable")
    return detail.replace(/\s*This was checked by the validation rule.*$/s, "");
  return detail === "" ? summary : `${summary}: ${detail}`;
}
