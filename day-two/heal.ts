import { join } from "node:path";
import { nodeResourceName } from "../stacks/shared/node-resource-name";
import { type ResourceChange, planStack } from "../remote/terraform/plan";
import type { Stack } from "../remote/terraform/project";
import type { Drift, DriftReport } from "./drift";

/** What would be applied to one stack. */
export interface Repair {
  readonly stack: Stack;
  readonly planFile: string;
  readonly changes: readonly ResourceChange[];
}

/** The resource whose replacement restarts kube-proxy node by node and proves it again: stacks/kube-proxy/constructs. */
const restartId = "random_id.restart-id";

/** What has to be replaced in each stack, beside what its own plan changes. */
export function replacements(
  { nodes }: Pick<DriftReport, "nodes">,
  { mode }: Pick<Drift["kubeProxy"], "mode">,
): Readonly<Record<string, readonly string[]>> {
  const drifted = (stack: string) => nodes.filter(({ differences }) => differences.some((one) => one.stack === stack));
  const ofKubeProxy = drifted("kube-proxy");
  return {
    nodes: drifted("nodes").map(({ node }) => `null_resource.${nodeResourceName(node)}`),
    "kube-proxy":
      mode === "unmanaged"
        ? // Nothing here can mend it: the proof fails, and says what is to be set where.
          ofKubeProxy.map(({ node }) => `null_resource.${nodeResourceName(node, "proof")}`)
        : ofKubeProxy.length > 0
          ? [restartId]
          : [],
  };
}

/**
 * Plans the repair of what drifted and of nothing else. Left out are stacks that are as declared, those that were never
 * deployed (a repair installs nothing), and those whose plan fails.
 */
export async function planRepairs({ report, kubeProxy, stacks, terraform }: Drift, scratch: string): Promise<Repair[]> {
  const toReplace = replacements(report, kubeProxy);
  const repairs: Repair[] = [];
  for (const stack of stacks) {
    const replace = toReplace[stack.name] ?? [];
    const status = report.stacks.find(({ stack: name }) => name === stack.name)?.status ?? "failed";
    if (!(status === "drifted" || (status === "in-sync" && replace.length > 0))) continue;
    const planFile = join(scratch, `heal-${stack.name}.tfplan`);
    const { changes } = await planStack(terraform, stack, { out: planFile, replace });
    repairs.push({ stack, planFile, changes });
  }
  return repairs;
}
