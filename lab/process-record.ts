import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** A process that the lab started. The start time tells it from a later one that got the same id. */
export interface ProcessRecord {
  readonly name: string;
  readonly pid: number;
  readonly startTime: string;
}

interface ProcessStatus {
  readonly parent: number;
  readonly state: string;
  readonly startTime: string;
}

/** Reads the line of /proc/<pid>/stat, whose second field, the name, may hold spaces and parentheses. */
export function parseProcessStatus(line: string): ProcessStatus {
  const fields = line.slice(line.lastIndexOf(")") + 2).split(" ");
  return { state: fields[0] ?? "", parent: Number(fields[1]), startTime: fields[19] ?? "" };
}

function processStatus(pid: number): ProcessStatus | undefined {
  try {
    return parseProcessStatus(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return undefined;
  }
}

export function describeProcess(name: string, pid: number): ProcessRecord {
  return { name, pid, startTime: processStatus(pid)?.startTime ?? "" };
}

export function isRunning(record: ProcessRecord): boolean {
  const status = processStatus(record.pid);
  return status !== undefined && status.state !== "Z" && status.startTime === record.startTime;
}

/** The ids of a process and of all below it. */
export function processTree(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const entry of readdirSync("/proc")) {
    if (!/^\d+$/.test(entry)) continue;
    const parent = processStatus(Number(entry))?.parent;
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(entry)]);
  }
  const below = (id: number): number[] => [id, ...(children.get(id) ?? []).flatMap(below)];
  return below(pid);
}

/** Ends a recorded process and all below it; does nothing when it is not running any more. */
export function endProcess(record: ProcessRecord): void {
  if (isRunning(record)) endIds(processTree(record.pid));
}

export function endIds(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It ended in the meantime.
    }
  }
}

/** The records of one run, a file for each process. */
export function writeRecord(folder: string, record: ProcessRecord): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${record.name}.json`), JSON.stringify(record));
}

export function readRecord(folder: string, name: string): ProcessRecord | undefined {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as ProcessRecord) : undefined;
}

export function readRecords(folder: string): ProcessRecord[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .flatMap((name) => readRecord(folder, name.slice(0, -".json".length)) ?? []);
}

export function removeRecord(folder: string, name: string): void {
  rmSync(join(folder, `${name}.json`), { force: true });
}
