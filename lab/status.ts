import { kubectlCommand } from "./cluster/kubectl";
import { run } from "./command";
import type { Lab } from "./lab-settings";
import { clientNamespace, clusterNamespace, namespaces } from "./network-plan";
import { namespaceExists } from "./namespaces";
import { isRunning, readRecords } from "./process-record";
import { readReady } from "./ready";
import { runFiles } from "./run-files";

/** Columns as wide as their widest cell. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = rows.reduce<number[]>(
    (widest, row) => row.map((cell, column) => Math.max(cell.length, widest[column] ?? 0)),
    [],
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** What of the lab runs, as lines to print. */
export async function describeStatus(lab: Lab): Promise<string[]> {
  const records = readRecords(runFiles(lab).processes);
  if (records.length === 0 && !namespaces.some(namespaceExists)) return [`no lab is up (${lab.folder})`];
  const lines = columns([
    ["PROCESS", "ID", "STATE"],
    ...records.map((record) => [record.name, String(record.pid), isRunning(record) ? "running" : "ended"]),
    ...namespaces
      .filter((name) => [clusterNamespace, clientNamespace].includes(name) || namespaceExists(name))
      .map((name) => [`namespace ${name}`, "", namespaceExists(name) ? "there" : "missing"]),
  ]);
  const ready = readReady(lab);
  if (ready === undefined) return [...lines, "", "the cluster has not been ready yet, or its start was interrupted"];
  for (const args of [
    ["get", "nodes"],
    ["get", "services,pods", "-A", "-o", "wide"],
  ]) {
    const { output } = await run(kubectlCommand(lab, ready.binaries, [...args, "--request-timeout=5s"]), {
      timeoutSeconds: 10,
    });
    lines.push("", ...output.trim().split("\n"));
  }
  return lines;
}
