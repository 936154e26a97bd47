import { createHash } from "node:crypto";
import { join } from "node:path";
import type { ClusterConfig } from "../cluster/schema";
import { stackNames } from "../cluster/stack-names";
import { planStack, type ResourceChange, type StackPlan } from "../remote/terraform/plan";
import { type Project, synthesise } from "../remote/terraform/project";
import type { Stack } from "../remote/terraform/stack";
import { terraformFor } from "../remote/cloud/cluster-terraform";
import type { Terraform } from "../remote/terraform/terraform";
import { restartId } from "../stacks/kube-proxy/addresses";
import { poolsTaken, webhookGate } from "../stacks/metallb/addresses";
import { userMessage } from "../values/user-error";
import { causesIn, describeChange, exactChange } from "./differences";
import { nodeSteps, type NodeStep } from "./node-steps";
import { waitsForAnother } from "./stack-order";
import { asPlan } from "./wording";

/** unchanged: there is nothing to do; waits: what it lacks another stack makes; failed: it could not be planned. */
export type DiffStatus = "unchanged" | "changes" | "waits" | "failed";

/** What happens on a node, in words. */
export interface NodeChanges {
  readonly node: string;
  readonly changes: readonly string[];
}

/** What a deploy of a stack would do. */
export interface StackDiff {
  readonly stack: string;
  readonly status: DiffStatus;
  /** In words, one for each attribute. */
  readonly changes: readonly string[];
  /** What only follows from these, such as a restart. */
  readonly consequences: readonly string[];
  readonly nodes: readonly NodeChanges[];
  /** Why it could not be planned, or not yet. */
  readonly error?: string;
  /** The stacks with changes that are deployed before this one, which waits for one of them. */
  readonly waitsFor?: readonly string[];
  /** The page of the run, where a server runs Terraform. */
  readonly url?: string;
}

/** What a deploy of all stacks would do. */
export interface DiffReport {
  readonly cluster: string;
  /** The worst of the stacks'. */
  readonly status: DiffStatus;
  readonly stacks: readonly StackDiff[];
  /** Of all that the plans would do, values in whole: equal for plans that would do the same. */
  readonly fingerprint: string;
}

/** What `apply` goes on from. */
export interface Diff {
  readonly report: DiffReport;
  /** Those that have changes, in the order of the stacks. */
  readonly plans: readonly StackPlan[];
  readonly terraform: Terraform;
}

export interface DiffOptions {
  readonly config: ClusterConfig;
  readonly project: Project;
  readonly home: string;
  /** Says something to the user meanwhile. @default nothing is said */
  readonly say?: (text: string) => void;
  /** A folder of this user alone, for the plans: they hold secrets. */
  readonly scratch: string;
  /** Whether the states are locked meanwhile. @default false: who only looks keeps nobody waiting */
  readonly lock?: boolean;
}

interface Outcome {
  readonly stack: Stack;
  readonly plan?: StackPlan;
  readonly error?: string;
}

/** Plans every stack, all side by side. Changes nothing. */
export async function findDiff({ config, project, home, say, scratch, lock = false }: DiffOptions): Promise<Diff> {
  const { environment } = project;
  // Before anything that takes time.
  const terraform = await terraformFor(config, stackNames(config), { environment, home, say, lock });
  const stacks = await synthesise(project);
  const outcomes = await Promise.all(
    stacks.map(async (stack): Promise<Outcome> => {
      try {
        const out = join(scratch, `diff-${stack.name}.tfplan`);
        return { stack, plan: await planStack(terraform, stack, { out, lock }) };
      } catch (error) {
        return { stack, error: userMessage(error) };
      }
    }),
  );
  const report = diffReport(config, outcomes);
  const plans = outcomes.flatMap(({ plan }) => (plan !== undefined && plan.changes.length > 0 ? [plan] : []));
  return { report, plans, terraform };
}

/** What the outcomes of all plans say. */
export function diffReport(
  { name, nodes }: Pick<ClusterConfig, "name" | "nodes">,
  outcomes: readonly Outcome[],
): DiffReport {
  const withChanges: string[] = [];
  const stacks = outcomes.map((outcome): StackDiff => {
    const diff = stackDiff(outcome, {
      nodes,
      withChanges: [...withChanges],
      stacks: outcomes.map(({ stack }) => stack),
    });
    if (diff.status === "changes") withChanges.push(diff.stack);
    return diff;
  });
  const status = severity.find((one) => stacks.some((stack) => stack.status === one)) ?? "unchanged";
  return { cluster: name, status, stacks, fingerprint: fingerprint(outcomes, stacks) };
}

const severity: readonly DiffStatus[] = ["failed", "waits", "changes"];

interface Surroundings {
  readonly nodes: ClusterConfig["nodes"];
  /** The stacks before this one that have changes. */
  readonly withChanges: readonly string[];
  readonly stacks: readonly Stack[];
}

function stackDiff({ stack, plan, error }: Outcome, { nodes, withChanges, stacks }: Surroundings): StackDiff {
  const none = { stack: stack.name, changes: [], consequences: [], nodes: [] };
  if (plan === undefined) {
    const waits = withChanges.length > 0 && waitsForAnother(error ?? "", stacks);
    return { ...none, error, ...(waits ? { status: "waits", waitsFor: withChanges } : { status: "failed" }) };
  }
  const { changes, run } = plan;
  const status = changes.length === 0 ? "unchanged" : "changes";
  return { ...none, status, ...inWords(stack.name, changes, nodes), ...(run !== undefined && { url: run.url }) };
}

function inWords(
  stack: string,
  changes: readonly ResourceChange[],
  nodes: ClusterConfig["nodes"],
): Pick<StackDiff, "changes" | "consequences" | "nodes"> {
  const steps = nodeSteps(stack, nodes);
  const stepOf = ({ address }: ResourceChange): NodeStep | undefined => steps.get(address);
  const ofCluster = changes.filter((change) => stepOf(change) === undefined);
  const causes = causesIn(ofCluster);
  const say = (change: ResourceChange) => describeChange(change, asPlan, names[change.address]);
  return {
    changes: causes.flatMap(say),
    consequences: ofCluster.filter((change) => !causes.includes(change)).flatMap(say),
    nodes: nodes.flatMap(({ name }) => {
      const ofNode = changes.flatMap((change) => {
        const step = stepOf(change);
        return step?.node === name ? describeChange(change, asPlan, step.words) : [];
      });
      return ofNode.length === 0 ? [] : [{ node: name, changes: ofNode }];
    }),
  };
}

/** What steps of a stack are called that are no object of the cluster, and on no node. */
const names: Readonly<Record<string, string>> = {
  [restartId.address]: "the restart of kube-proxy, node by node,",
  [webhookGate.address]: "the wait for MetalLB's webhook",
  [poolsTaken.address]: "the proof that MetalLB took the pools",
};

function fingerprint(outcomes: readonly Outcome[], stacks: readonly StackDiff[]): string {
  const all = outcomes.map(({ plan }, index) => [
    stacks[index]?.stack,
    stacks[index]?.status,
    (plan?.changes ?? []).map((change) => JSON.stringify(exactChange(change))).sort(),
  ]);
  return createHash("sha256").update(JSON.stringify(all)).digest("hex");
}
