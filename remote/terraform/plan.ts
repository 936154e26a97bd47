import { writeFile } from "node:fs/promises";
import { shellWord } from "../../stacks/shared/shell-word";
import type { Stack } from "./project";
import { bookmark, diagnosesIn, type Diagnosis, endOf, type ServerRun, serverRunIn } from "./run-on-server";
import type { Terraform, TerraformRun } from "./terraform";
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
  /** What it was asked. */
  readonly options: PlanOptions;
  readonly changes: readonly ResourceChange[];
  /** Whether the stack's state holds anything. */
  readonly deployed: boolean;
  /** The run that made it, where a server runs Terraform. */
  readonly run?: ServerRun;
}

export interface PlanOptions {
  /**
   * The file for the plan, or for the note of which run on a server has it: it holds secrets, so its folder must be the
   * user's alone.
   */
  readonly out: string;
  /** Addresses to replace although nothing about them changed. */
  readonly replace?: readonly string[];
  /**
   * Whether the state is locked meanwhile; another run's lock is then waited for. Without it nobody is kept from anything,
   * and what another run does at the same time may show. A speculative run of a server locks nothing either way.
   * @default true
   */
  readonly lock?: boolean;
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
  if (terraform.server !== undefined) return (await planOnServer(terraform, stack, options, { lockSeconds })).plan;
  const unlocked = options.lock === false ? ["-lock=false"] : [];
  const args = [
    ...planArguments(lockSeconds),
    ...unlocked,
    `-out=${options.out}`,
    "-json",
    ...replaceArguments(options),
  ];
  const { code, stdout, output } = await terraform.run(stack, args, planSeconds);
  const run = serverRunIn(output);
  if (run !== undefined) throw new UserError(ranOnServer(stack, run, terraform.sent));
  if (code === 0) return { stack, options, changes: [], deployed: true };
  if (code !== 2) throw new UserError(inOneLine(stack, diagnosesInJson(stdout)) || output.trim());
  return { stack, options, ...(await shownPlan(terraform, stack, options.out)) };
}

/**
 * Plans a stack where a server runs it. Unless it is to be `kept`, for an apply, the plan is speculative: one that is kept
 * and not applied would hold the workspace's queue, on servers that know no saved plans.
 */
export async function planOnServer(
  terraform: Terraform,
  stack: Stack,
  options: PlanOptions,
  { lockSeconds = defaultLockSeconds, kept = false }: { readonly lockSeconds?: number; readonly kept?: boolean } = {},
): Promise<{ readonly plan: StackPlan; readonly run: ServerRun }> {
  const args = [...planArguments(lockSeconds), "-no-color", ...replaceArguments(options)];
  const ended = await terraform.run(stack, kept ? [...args, `-out=${options.out}`] : args, planSeconds);
  const run = serverRunIn(ended.output);
  if (ended.code !== 0 && ended.code !== 2) throw new UserError(serverDiagnosis(stack, ended, run, lockSeconds));
  if (run === undefined) throw new UserError(ranHere(stack, terraform.server));
  if (!kept) await writeFile(options.out, bookmark(run), { mode: 0o600 });
  // With no change, too: a run that was canceled or discarded ends with 0 as well, and has no plan to show.
  const plan = { stack, options, run, ...(await shownPlan(terraform, stack, options.out, run)) };
  return { plan, run };
}

const planArguments = (lockSeconds: number) => [
  "plan",
  "-input=false",
  "-detailed-exitcode",
  `-lock-timeout=${lockSeconds}s`,
];

const replaceArguments = ({ replace = [] }: PlanOptions) => replace.map((address) => `-replace=${address}`);

async function shownPlan(terraform: Terraform, stack: Stack, file: string, run?: ServerRun) {
  const shown = await terraform.run(stack, ["show", "-json", "-no-color", file], planSeconds);
  if (shown.code !== 0) {
    const why =
      run === undefined ? shown.output.trim() : inOneLine(stack, diagnosesIn(shown.output)) || endOf(shown.output);
    throw new UserError(`the plan of ${stack.name} cannot be shown: ${why}${addressOf(run)}`);
  }
  const plan = JSON.parse(shown.stdout) as { resource_changes?: ResourceChange[]; prior_state?: { values?: object } };
  const changes = (plan.resource_changes ?? []).filter(isChange);
  return { changes, deployed: hasResources(plan.prior_state?.values) };
}

const ranHere = (stack: Stack, server = "a server") =>
  `state.execution says that ${server} runs Terraform, but the workspace of the stack ${stack.name} executes locally: write execution: local under state, or set the workspace's Execution Mode`;

const ranOnServer = (stack: Stack, { url }: ServerRun, sent: readonly string[]) =>
  `state.execution says that Terraform runs here, but the workspace of the stack ${stack.name} executes on a server (${url}): write execution: remote or agent under state, or set the workspace's Execution Mode to local${sent.length === 0 ? "" : `. ${sent.join(", ")} was sent there in clear text: renew it`}`;

const addressOf = (run: ServerRun | undefined) => (run === undefined ? "" : ` (${run.url})`);

function serverDiagnosis(
  stack: Stack,
  { output }: TerraformRun,
  run: ServerRun | undefined,
  lockSeconds: number,
): string {
  const what = output.includes("Lock timeout exceeded")
    ? `the run did not start within ${lockSeconds} s, and was canceled: another run holds the workspace, or no agent of its pool is online`
    : inOneLine(stack, diagnosesIn(output)) || `terraform plan of the stack ${stack.name} failed: ${endOf(output)}`;
  return what + addressOf(run);
}

const inOneLine = (stack: Stack, diagnoses: readonly Diagnosis[]) =>
  diagnoses.map((diagnosis) => inWords(stack, diagnosis)).join("\n");

const isChange = ({ change }: ResourceChange) =>
  change.importing !== undefined || !["no-op", "read"].includes(change.actions[0] ?? "no-op");

/** Data sources stand in the prior state too, before anything was deployed. */
function hasResources(values: object | undefined): boolean {
  const { root_module: module } = (values ?? {}) as { root_module?: { resources?: { mode: string }[] } };
  return module?.resources?.some(({ mode }) => mode === "managed") ?? false;
}

interface Diagnostic extends Diagnosis {
  readonly severity: string;
}

/** The errors of `-json` output. */
const diagnosesInJson = (stdout: string): Diagnosis[] =>
  stdout
    .split("\n")
    .filter((line) => line.includes('"diagnostic"'))
    .map((line) => (JSON.parse(line) as { diagnostic: Diagnostic }).diagnostic)
    .filter(({ severity }) => severity === "error");

/** An error, for the user. */
function inWords(stack: Stack, { summary, detail }: Diagnosis): string {
  if (summary === "Error acquiring the state lock") {
    const unlock = (id: string) => `If it was killed: terraform -chdir=${shellWord(stack.folder)} force-unlock ${id}`;
    // Who and since when are those of the request itself here (State.Lock in internal/cloud/state.go).
    const workspace = /\(lock ID: "([^"]+)"\)/.exec(detail)?.[1];
    if (workspace !== undefined) {
      return `the workspace ${workspace} is locked; its page on the server says by whom: wait for that to end. ${unlock(workspace)}`;
    }
    const [, id] = /^\s*ID:\s+(.+)$/m.exec(detail) ?? [];
    const [, who] = /^\s*Who:\s+(.+)$/m.exec(detail) ?? [];
    const [, since] = /^\s*Created:\s+(.+)$/m.exec(detail) ?? [];
    const holder = who === undefined ? "" : ` (${who}, since ${since})`;
    return `another run of Terraform holds the state's lock${holder}: wait for it to end.${id === undefined ? "" : ` ${unlock(id)}`}`;
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
