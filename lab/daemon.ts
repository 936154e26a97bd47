import { spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lastLines } from "./command";
import { LabError } from "./lab-error";
import type { Lab } from "./lab-settings";
import { inNamespace } from "./namespaces";
import { clusterNamespace } from "./network-plan";
import { describeProcess, isRunning, readRecord, writeRecord } from "./process-record";
import { runFiles } from "./run-files";

export interface DaemonOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Default: the cluster's. */
  readonly namespace?: string;
}

/** Starts a program in one of the lab's namespaces that stays when this process ends, and records it at once. */
export function startDaemon(
  lab: Lab,
  name: string,
  command: readonly string[],
  { environment = process.env, namespace = clusterNamespace }: DaemonOptions = {},
): void {
  const files = runFiles(lab);
  mkdirSync(files.logs, { recursive: true });
  const log = openSync(daemonLog(lab, name), "a");
  const [program = "", ...args] = inNamespace(namespace, command);
  // `ip netns exec` becomes the program, so the process keeps this id.
  const child = spawn(program, args, { detached: true, stdio: ["ignore", log, log], env: environment });
  child.on("error", () => undefined); // No id then: reported below.
  child.unref();
  closeSync(log);
  if (child.pid === undefined) throw new LabError(`${name}: cannot be started: ${command[0] ?? ""}`);
  writeRecord(files.processes, describeProcess(name, child.pid));
}

export function daemonLog(lab: Lab, name: string): string {
  return join(runFiles(lab).logs, `${name}.log`);
}

/** Throws, with what it said last, when a program has ended that should run. */
export function checkDaemon(lab: Lab, name: string): void {
  const record = readRecord(runFiles(lab).processes, name);
  if (record !== undefined && isRunning(record)) return;
  const log = daemonLog(lab, name);
  const lines = lastLines(readFileSync(log, "utf8"), 10).map((line) => `    ${line}`);
  throw new LabError([`${name} has ended. Its last lines:`, ...lines, `  all of it: ${log}`].join("\n"));
}
