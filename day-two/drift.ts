import { join } from "node:path";
import type { ClusterConfig } from "../cluster/schema";
import { stackNames } from "../cluster/stack-names";
import { nodeChecks, type NodeCheck } from "./nodes/node-checks";
import { probeNodes } from "./nodes/probe";
import { planStack, type StackPlan } from "../remote/terraform/plan";
import { type Project, synthesise } from "../remote/terraform/project";
import type { Stack } from "../remote/terraform/stack";
import { addressesInState } from "../remote/terraform/state";
import type { Terraform } from "../remote/terraform/terraform";
import { terraformFor } from "../remote/cloud/cluster-terraform";
import { type Difference, describeChanges, isRenewal } from "./differences";
import { waitsForAnother } from "./stack-order";
import { userMessage } from "../values/user-error";

/** in-sync: as declared; drifted: not; not-deployed: nothing of it is there; failed: it could not be found out. */
export type DriftStatus = "in-sync" | "drifted" | "not-deployed" | "failed";

export interface StackDrift {
  readonly stack: string;
  readonly status: DriftStatus;
  readonly differences: readonly Difference[];
  readonly error?: string;
  /** The stacks that drifted and without which this one cannot be planned: what it lacks is theirs. */
  readonly waitsFor?: readonly string[];
}

export interface NodeDrift {
  readonly node: string;
  readonly status: Exclude<DriftStatus, "not-deployed">;
  readonly differences: readonly (Pick<NodeCheck, "stack"> & { readonly text: Difference })[];
  readonly error?: string;
}

/** Whether a cluster is what its configuration declares. */
export interface DriftReport {
  readonly cluster: string;
  readonly status: DriftStatus;
  readonly stacks: readonly StackDrift[];
  readonly nodes: readonly NodeDrift[];
}

/** What `heal` goes on from. */
export interface Drift {
  readonly report: DriftReport;
  readonly kubeProxy: ClusterConfig["kubeProxy"];
  readonly stacks: readonly Stack[];
  /** Those that could be made; their files are there as long as `scratch` is. */
  readonly plans: readonly StackPlan[];
  readonly terraform: Terraform;
}

export interface DriftOptions {
  readonly config: ClusterConfig;
  readonly project: Project;
  readonly home: string;
  /** Says something to the user meanwhile. @default nothing is said */
  readonly say?: (text: string) => void;
  /** A folder of this user alone, for the plans: they hold secrets. */
  readonly scratch: string;
  /** Whether the states are locked meanwhile. @default true */
  readonly lock?: boolean;
  /** Whether the nodes are looked at. @default true */
  readonly nodes?: boolean;
  /** How long a plan may take. @default 600 */
  readonly planSeconds?: number;
  /** Ends early what Terraform does. @default nothing does */
  readonly signal?: AbortSignal;
}

/** Plans every stack and looks at every node, side by side. Changes nothing. */
export async function findDrift(options: DriftOptions): Promise<Drift> {
  const { config, project, home, say, lock, signal } = options;
  const { environment } = project;
  // Before anything that takes time.
  const terraform = await terraformFor(config, stackNames(config), { environment, home, say, lock, signal });
  // Not beside the nodes: logins on many of them leave it no processor within its time.
  const stacks = await synthesise(project);
  const [outcomes, nodes] = await Promise.all([
    Promise.all(stacks.map((stack) => stackDrift(terraform, stack, { ...options, stacks }))),
    options.nodes === false ? [] : nodeDrift(options),
  ]);
  const ofStacks = inOrder(outcomes.map(({ drift }) => drift));
  const status = worst([...ofStacks, ...nodes].map((part) => part.status));
  return {
    report: { cluster: config.name, status, stacks: ofStacks, nodes },
    kubeProxy: config.kubeProxy,
    stacks,
    plans: outcomes.flatMap(({ plan }) => plan ?? []),
    terraform,
  };
}

async function stackDrift(
  terraform: Terraform,
  stack: Stack,
  { stacks, scratch, lock, planSeconds }: DriftOptions & { readonly stacks: readonly Stack[] },
): Promise<{ readonly drift: StackDrift; readonly plan?: StackPlan }> {
  try {
    const out = join(scratch, `${stack.name}.tfplan`);
    const plan = await planStack(terraform, stack, { out, lock, seconds: planSeconds });
    return { drift: describeStack(plan), plan };
  } catch (error) {
    const message = userMessage(error);
    const failed: StackDrift = { stack: stack.name, status: "failed", differences: [], error: message };
    if (!waitsForAnother(message, stacks)) return { drift: failed };
    const inState = await addressesInState(terraform, stack).catch(() => undefined);
    return { drift: inState?.size === 0 ? { ...failed, status: "not-deployed" } : failed };
  }
}

/**
 * A stack with nothing in its state whose plan waits for another stack is not deployed if one in front of it is not
 * either. One that is deployed has drifted with one in front of it, which has lost what it needs. Where all in front of it
 * are as declared, something else is wrong.
 */
function inOrder(stacks: readonly StackDrift[]): StackDrift[] {
  const allStacks = stacks.map(({ stack: name }) => ({ name }));
  return stacks.map((one, index) => {
    const { stack, status, error } = one;
    if (error === undefined) return one;
    const missing = stacks.slice(0, index).filter((other) => other.status === "not-deployed");
    const first = `deploy ${missing.map((other) => other.stack).join(", ")} first`;
    if (status === "not-deployed" && missing.length > 0) {
      return { stack, status, differences: [notDeployed, `it cannot be planned yet: ${first}`] };
    }
    const waits = status === "failed" && waitsForAnother(error, allStacks);
    const waitsFor = stacks
      .slice(0, index)
      .filter((other) => other.status === "drifted")
      .map((other) => other.stack);
    if (waits && missing.length === 0 && waitsFor.length > 0) {
      const repair = `it cannot be planned before ${waitsFor.join(", ")} is repaired (${error})`;
      return { stack, status: "drifted", differences: [repair], waitsFor };
    }
    // Deployed as another version has it, which had fewer stacks.
    const isMove = waits && missing.length > 0;
    const upgrade = `it cannot be planned yet: ${first}; npx baremetal-lb upgrade explains the move (${error})`;
    return { ...one, status: "failed", error: isMove ? upgrade : error };
  });
}

const notDeployed = "the stack is not deployed";

function describeStack({ stack, changes, deployed }: StackPlan): StackDrift {
  if (!deployed) return { stack: stack.name, status: "not-deployed", differences: [notDeployed] };
  const drift = changes.filter((change) => !isRenewal(change));
  const status = drift.length === 0 ? "in-sync" : "drifted";
  return { stack: stack.name, status, differences: describeChanges(drift) };
}

async function nodeDrift({ config, project, home }: DriftOptions): Promise<NodeDrift[]> {
  try {
    const answers = await probeNodes(config, { home, environment: project.environment });
    return answers.map(({ node, answer, error }): NodeDrift => {
      if (answer === undefined) return { node: node.name, status: "failed", differences: [], error: error.message };
      const failing = nodeChecks(answer, config).filter(({ ok }) => !ok);
      const differences = failing.map(({ stack, found }) => ({ stack, text: found }));
      return { node: node.name, status: failing.length === 0 ? "in-sync" : "drifted", differences };
    });
  } catch (error) {
    // The credentials: no node can be asked.
    return config.nodes.map(({ name }) => ({
      node: name,
      status: "failed",
      differences: [],
      error: userMessage(error),
    }));
  }
}

const severity: readonly DriftStatus[] = ["failed", "drifted", "not-deployed", "in-sync"];

/** What a cluster is whose parts are these: one that is deployed in part has drifted. */
export function worst(statuses: readonly DriftStatus[]): DriftStatus {
  const found = severity.find((status) => statuses.includes(status)) ?? "in-sync";
  return found === "not-deployed" && statuses.some((status) => status === "in-sync") ? "drifted" : found;
}
