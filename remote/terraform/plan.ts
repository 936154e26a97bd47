import { writeFile } from "node:fs/promises";
import { CloudRefusal, type CloudApi } from "../cloud/cloud-api";
import { readPlan } from "../cloud/runs";
import { lockOf } from "../cloud/workspaces";
import { diagnosesText } from "./failure-text";
import type { Stack } from "./stack";
import { bookmark, diagnosesIn, type Diagnosis, endOf, type ServerRun, serverRunIn } from "./run-on-server";
import { RunWatch } from "./run-watch";
import { movedToOutput, shownJson } from "./state";
import { plain, type Terraform, type TerraformRun } from "./terraform";
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
  /** How long it may take. @default 600 */
  readonly seconds?: number;
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
  const { code, stdout, output } = await terraform.run(stack, args, options.seconds ?? planSeconds);
  const run = serverRunIn(output);
  if (run !== undefined) throw new UserError(ranOnServer(stack, run, terraform));
  if (code === 0) return { stack, options, changes: [], deployed: true };
  if (code !== 2)
    throw new UserError(diagnosesText(terraform.program, stack, diagnosesInJson(stdout)) || output.trim());
  return { stack, options, ...(await shownPlan(terraform, stack, options)) };
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
  const watch = new RunWatch(terraform, stack);
  const all = kept ? [...args, `-out=${options.out}`] : args;
  const ended = await terraform.run(stack, all, options.seconds ?? planSeconds, (text) => watch.hear(text));
  const run = serverRunIn(ended.output);
  if (ended.code !== 0 && ended.code !== 2) {
    // Ctrl-C is one of the causes. Terraform leaves a run where it is.
    await watch.discard();
    throw new UserError(await serverDiagnosis(terraform, stack, ended, { run, lockSeconds }));
  }
  watch.end();
  if (run === undefined) throw new UserError(ranHere(stack, terraform));
  if (!kept) await writeFile(options.out, bookmark(run), { mode: 0o600 });
  // With no change, too: a run that was canceled or discarded ends with 0 as well, and has no plan to show.
  const plan = { stack, options, run, ...(await shownPlan(terraform, stack, options, run)) };
  return { plan, run };
}

const planArguments = (lockSeconds: number) => [
  "plan",
  "-input=false",
  "-detailed-exitcode",
  `-lock-timeout=${lockSeconds}s`,
];

const replaceArguments = ({ replace = [] }: PlanOptions) => replace.map((address) => `-replace=${address}`);

/**
 * All that a plan says, as `terraform show -json` has it. It holds secrets.
 * @throws UserError where it cannot be shown.
 */
export async function planJson(
  terraform: Terraform,
  { stack, options, run }: Pick<StackPlan, "stack" | "options" | "run">,
): Promise<unknown> {
  const { cloud } = terraform;
  const json = run !== undefined && cloud !== undefined ? await ofRun(cloud, stack, run) : undefined;
  return json ?? shownByTerraform(terraform, stack, options.out, run);
}

async function shownPlan(terraform: Terraform, stack: Stack, options: PlanOptions, run?: ServerRun) {
  const plan = (await planJson(terraform, { stack, options, run })) as {
    resource_changes?: ResourceChange[];
    prior_state?: { values?: Values };
  };
  const movedTo = plan.prior_state?.values?.outputs?.[movedToOutput]?.value;
  if (movedTo !== undefined) throw new UserError(stateMoved(stack, movedTo));
  const changes = (plan.resource_changes ?? []).filter(isChange);
  return { changes, deployed: hasResources(plan.prior_state?.values) };
}

/** What of the values of a state is read. */
interface Values {
  readonly outputs?: Readonly<Record<string, { readonly value: unknown }>>;
  readonly root_module?: { readonly resources?: readonly { readonly mode: string }[] };
}

/** As the server's API has it: not every server answers what `terraform show` asks. */
async function ofRun(cloud: CloudApi, stack: Stack, run: ServerRun): Promise<unknown> {
  try {
    const { status, json } = await readPlan(cloud, run.id);
    if (status === "finished") return json;
    throw new UserError(withoutPlan(stack, status, run));
  } catch (error) {
    if (!(error instanceof CloudRefusal)) throw error;
    throw new UserError(
      `the plan of the stack ${stack.name} cannot be shown${addressOf(run)}: ${error.message}. The JSON of a plan takes the right to administrate the workspace`,
    );
  }
}

async function shownByTerraform(terraform: Terraform, stack: Stack, file: string, run?: ServerRun): Promise<unknown> {
  const shown = await terraform.run(stack, ["show", "-json", "-no-color", file], planSeconds);
  if (shown.code === 0) return shownJson(shown.stdout);
  // As somebody canceled it: ShowPlanForRun in internal/cloud/backend_show.go.
  const ended = /can't display a cloud plan that is currently (\w+)/.exec(plain(shown.output))?.[1];
  if (run !== undefined && ended !== undefined) throw new UserError(withoutPlan(stack, ended, run));
  const why =
    run === undefined
      ? shown.output.trim()
      : diagnosesText(terraform.program, stack, diagnosesIn(shown.output)) || endOf(shown.output);
  throw new UserError(`the plan of ${stack.name} cannot be shown: ${why}${addressOf(run)}`);
}

const withoutPlan = (stack: Stack, status: string, run: ServerRun) =>
  `the stack ${stack.name} has no plan, since its run on the server is ${status}: begin again, or ask who ended it${addressOf(run)}`;

const stateMoved = (stack: Stack, movedTo: unknown) =>
  `the state of the stack ${stack.name} was moved to ${String(movedTo)}: take the section state of the cluster.yaml that says so, or move it back with npx baremetal-lb state move. Nothing was changed`;

const ranHere = (stack: Stack, { server = "a server", program: { product } }: Terraform) =>
  `state.execution says that ${server} runs ${product}, but the workspace of the stack ${stack.name} executes locally: write execution: local under state, or set the workspace's Execution Mode`;

const ranOnServer = (stack: Stack, { url }: ServerRun, { sent, program: { product } }: Terraform) =>
  `state.execution says that ${product} runs here, but the workspace of the stack ${stack.name} executes on a server (${url}): write execution: remote or agent under state, or set the workspace's Execution Mode to local${sent.length === 0 ? "" : `. ${sent.join(", ")} was sent there in clear text: renew it`}`;

const addressOf = (run: ServerRun | undefined) => (run === undefined ? "" : ` (${run.url})`);

async function serverDiagnosis(
  terraform: Terraform,
  stack: Stack,
  { output }: TerraformRun,
  { run, lockSeconds }: { readonly run: ServerRun | undefined; readonly lockSeconds: number },
): Promise<string> {
  const { cloud } = terraform;
  if (output.includes("Lock timeout exceeded")) {
    const locked =
      run === undefined || cloud === undefined ? undefined : await lockOf(cloud, run.id).catch(() => undefined);
    const why = locked ?? "another run holds the workspace, or no agent of its pool is online";
    return `the run did not start within ${lockSeconds} s, and was canceled: ${why}${addressOf(run)}`;
  }
  const said = diagnosesText(terraform.program, stack, diagnosesIn(output));
  if (said === "" && output.includes("Interrupt received")) {
    return `the plan of the stack ${stack.name} was interrupted${run === undefined || cloud === undefined ? "" : ", and its run canceled on the server"}${addressOf(run)}`;
  }
  return (
    (said || `${terraform.program.command} plan of the stack ${stack.name} failed: ${endOf(output)}`) + addressOf(run)
  );
}

/** Whether something would be done: a resource is not only looked at, and not left as it is. */
export const isChange = ({ change }: ResourceChange) =>
  change.importing !== undefined || !["no-op", "read"].includes(change.actions[0] ?? "no-op");

/** Data sources stand in the prior state too, before anything was deployed. */
function hasResources(values: Values | undefined): boolean {
  return values?.root_module?.resources?.some(({ mode }) => mode === "managed") ?? false;
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
    // A provider may forget to say that it is one, as hashicorp/kubernetes does of a kubeconfig that is not there.
    .filter(({ severity }) => severity !== "warning");
