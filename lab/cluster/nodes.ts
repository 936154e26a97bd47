import { mkdirSync, rmSync } from "node:fs";
import { run } from "../command";
import { startDaemon } from "../daemon";
import type { Lab } from "../lab-settings";
import type { NodePlan } from "../network-plan";
import { endProcess, isRunning, readRecord, removeRecord } from "../process-record";
import { runFiles } from "../run-files";
import { nodeArguments, nodeDisks, userModeLinuxEnvironment, type NodeImage } from "../user-mode-linux";
import { waitFor } from "../wait";
import { sshCommand } from "./ssh";

export interface NodeSources extends NodeImage {
  /** The kernel: User-mode Linux. */
  readonly linux: string;
}

/** Powers a node on. Its changes to the common disk are kept from before, if there are any. */
export function startNode(lab: Lab, sources: NodeSources, node: NodePlan): void {
  const files = runFiles(lab);
  mkdirSync(files.userModeLinux, { recursive: true });
  // Left over from a node that was cut off: User-mode Linux takes it for a running one.
  rmSync(`${files.userModeLinux}/${node.name}`, { recursive: true, force: true });
  const disks = nodeDisks(lab.run, sources, node);
  const command = [sources.linux, ...nodeArguments(node, disks, files.userModeLinux)];
  startDaemon(lab, node.name, command, { environment: userModeLinuxEnvironment() });
}

/** Powers a node off: as its system does it, or at once, as if the cable were pulled. */
export async function stopNode(lab: Lab, node: NodePlan, how: "shutdown" | "cut"): Promise<void> {
  const { processes } = runFiles(lab);
  const record = readRecord(processes, node.name);
  if (record === undefined) return;
  if (how === "shutdown" && isRunning(record)) {
    await run(sshCommand(lab, node, ["systemctl", "poweroff"]), { timeoutSeconds: 15 });
    await waitFor({ what: `${node.name} to shut down`, timeoutSeconds: 45 }, () =>
      isRunning(record) ? undefined : true,
    ).catch(() => undefined); // It is cut off below.
  }
  endProcess(record);
  await waitFor({ what: `${node.name} to end`, timeoutSeconds: 15 }, () => (isRunning(record) ? undefined : true));
  removeRecord(processes, node.name);
}
