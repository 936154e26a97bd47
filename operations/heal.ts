import { join } from "node:path";
import { nodeId } from "../config/node-id";
import { type ResourceChange, planStack } from "../terraform/plan";
import type { Stack } from "../terraform/project";
import { TerraformError } from "../terraform/terraform-error";
import { plain, type Terraform } from "../terraform/terraform";
import type { Drift, DriftReport } from "./drift";

/** What would be applied to one stack. */
export interface Repair {
  readonly stack: Stack;
  readonly planFile: string;
  readonly changes: readonly ResourceChange[];
}

/** The resource whose replacement restarts kube-proxy node by node and proves it again: constructs/kube-proxy. */
const restartId = "random_id.restart-id";

/** What has to be replaced in each stack, beside what its own plan changes. */
export function replacements({ nodes }: Pick<DriftReport, "nodes">): Readonly<Record<string, readonly string[]>> {
  const drifted = (stack: string) => nodes.filter(({ differences }) => differences.some((one) => one.stack === stack));
  return {
    nodes: drifted("nodes").map(({ node }) => `null_resource.${nodeId(node)}`),
    "kube-proxy": drifted("kube-proxy").length > 0 ? [restartId] : [],
  };
}

/**
 * Plans the repair of what drifted and of nothing else. Left out are stacks that are as declared, those that were never
 * deployed (a repair installs nothing), and those whose plan fails.
 */
export async function planRepairs({ report, stacks, terraform }: Drift, scratch: string): Promise<Repair[]> {
  const toReplace = replacements(report);
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

/** Longest rollout of a large cluster, and a margin: each step of an apply has a bound of its own. */
const applySeconds = 4 * 3600;

/** Applies exactly what was planned. @throws TerraformError with what Terraform, or the script on the node, printed. */
export async function applyRepair(terraform: Terraform, { stack, planFile }: Repair): Promise<void> {
  const { code, output } = await terraform.run(
    stack,
    ["apply", "-input=false", "-no-color", "-lock-timeout=20s", planFile],
    applySeconds,
  );
  if (code !== 0) throw new TerraformError(`${stack.name} was not repaired:\n${failure(output)}`);
}

/** From the first error on, with what the node's script said before it. */
function failure(output: string): string {
  const lines = plain(output).split("\n");
  const first = lines.findIndex((line) => line.startsWith("Error:"));
  const said = lines.slice(0, first).filter((line) => line.includes("baremetal-lb:"));
  return [...said.slice(-10), ...lines.slice(first)].join("\n");
}
