import { join } from "node:path";
import { nodeProof, restartId } from "../stacks/kube-proxy/addresses";
import { preparedNode } from "../stacks/nodes/addresses";
import { type ResourceChange, planStack, type StackPlan } from "../remote/terraform/plan";
import { ownTypes } from "./differences";
import type { Drift, DriftReport } from "./drift";

/** What has to be replaced in each stack, beside what its own plan changes. */
export function replacements(
  { nodes }: Pick<DriftReport, "nodes">,
  { mode }: Pick<Drift["kubeProxy"], "mode">,
): Readonly<Record<string, readonly string[]>> {
  const drifted = (stack: string) => nodes.filter(({ differences }) => differences.some((one) => one.stack === stack));
  const ofKubeProxy = drifted("kube-proxy");
  return {
    nodes: drifted("nodes").map(({ node }) => preparedNode(node).address),
    "kube-proxy":
      mode === "unmanaged"
        ? // Nothing here can mend it: the proof fails, and says what is to be set where.
          ofKubeProxy.map(({ node }) => nodeProof(node).address)
        : ofKubeProxy.length > 0
          ? [restartId.address]
          : [],
  };
}

/**
 * Plans the repair of what drifted and of nothing else. Left out are stacks that are as declared, those that were never
 * deployed (a repair installs nothing), and those whose plan fails, such as one that waits for another's repair.
 */
export async function planRepairs(
  { report, kubeProxy, stacks, terraform }: Drift,
  scratch: string,
): Promise<StackPlan[]> {
  const toReplace = replacements(report, kubeProxy);
  const repairs: StackPlan[] = [];
  for (const stack of stacks) {
    const replace = toReplace[stack.name] ?? [];
    const { status, waitsFor } = report.stacks.find(({ stack: name }) => name === stack.name) ?? { status: "failed" };
    const repairable = waitsFor === undefined && (status === "drifted" || (status === "in-sync" && replace.length > 0));
    if (!repairable) continue;
    repairs.push(await planStack(terraform, stack, { out: join(scratch, `heal-${stack.name}.tfplan`), replace }));
  }
  return repairs;
}

/**
 * The addresses of what a repair destroys, which takes more than a repair's own consent: an object of the cluster that goes
 * or is made anew, and the step of a node that is not declared any more. Not what only runs again: a script's resource,
 * and the record of a proof, which are replaced because another one was.
 */
export const destroyedBy = (changes: readonly ResourceChange[]): string[] =>
  changes
    .filter(({ type, action_reason: reason, change: { actions } }) => {
      const runsAgain = actions.includes("create") && (ownTypes.includes(type) || reason === "replace_by_triggers");
      return actions.includes("delete") && !runsAgain;
    })
    .map(({ address }) => address);
