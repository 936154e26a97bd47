import { join } from "node:path";
import { run, runChecked } from "../command";
import type { Lab } from "../lab-settings";
import { inNamespace } from "../namespaces";
import { clusterNamespace, type NodePlan } from "../network-plan";
import { checkDaemon } from "../daemon";
import { runFiles } from "../run-files";
import { waitFor } from "../wait";

/** kubectl as the cluster's administrator. */
export function kubectlCommand(lab: Lab, binaries: string, args: readonly string[]): string[] {
  const kubectl = join(binaries, "kubectl");
  return inNamespace(clusterNamespace, [kubectl, "--kubeconfig", runFiles(lab).kubeconfig, ...args]);
}

/** Asks kubectl for JSON. */
export async function kubectlJson(lab: Lab, binaries: string, args: readonly string[]): Promise<unknown> {
  const command = kubectlCommand(lab, binaries, [...args, "--request-timeout=15s", "-o", "json"]);
  return JSON.parse((await runChecked(command, { timeoutSeconds: 30 })).stdout) as unknown;
}

interface NodeList {
  readonly items: readonly {
    readonly metadata: { readonly name: string };
    readonly status: {
      readonly conditions?: readonly { readonly type: string; readonly status: string }[];
      readonly nodeInfo?: { readonly bootID?: string };
    };
  }[];
}

/** The nodes that are Ready, and the boot that each reports, out of `kubectl get nodes -o json`. */
export function readyNodes(list: unknown): Map<string, string> {
  return new Map(
    (list as NodeList).items
      .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"))
      .map(({ metadata, status }) => [metadata.name, status.nodeInfo?.bootID ?? ""]),
  );
}

/** Waits for nodes to be Ready; a node whose boot is named has to report another one, so that it really restarted. */
export async function waitForNodes(
  lab: Lab,
  binaries: string,
  nodes: readonly NodePlan[],
  bootsBefore: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  let seen = "";
  await waitFor({ what: "the nodes to be Ready", timeoutSeconds: 180, seen: () => seen }, async () => {
    for (const node of nodes) checkDaemon(lab, node.name);
    const { code, stdout, output } = await run(
      kubectlCommand(lab, binaries, ["get", "nodes", "--request-timeout=10s", "-o", "json"]),
      { timeoutSeconds: 20 },
    );
    const ready = code === 0 ? readyNodes(JSON.parse(stdout)) : new Map<string, string>();
    seen = code === 0 ? `Ready: ${[...ready.keys()].join(", ") || "none"}` : output.trim();
    const all = nodes.every(({ name }) => ready.has(name) && ready.get(name) !== bootsBefore.get(name));
    return all ? true : undefined;
  });
}
