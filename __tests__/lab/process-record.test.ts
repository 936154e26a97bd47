import { spawn, type ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  describeProcess,
  endProcess,
  isRunning,
  parseProcessStatus,
  processTree,
  readRecords,
  removeRecord,
  writeRecord,
} from "../../lab/process-record";
import { waitFor } from "../../lab/wait";

describe("processes", () => {
  const started: ChildProcess[] = [];
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "processes-"));
  });
  afterEach(() => {
    started.splice(0).forEach((child) => child.kill("SIGKILL"));
    rmSync(folder, { recursive: true });
  });
  const start = (script: string) => {
    const child = spawn("sh", ["-c", script], { stdio: "ignore" });
    started.push(child);
    return child.pid ?? 0;
  };
  const childWritten = () =>
    waitFor({ what: "the child", timeoutSeconds: 10, intervalSeconds: 0.05 }, () => {
      const file = join(folder, "child");
      return existsSync(file) ? Number(readFileSync(file, "utf8")) || undefined : undefined;
    });
  const ended = (pid: number) =>
    waitFor(
      { what: "the end", timeoutSeconds: 10, intervalSeconds: 0.05 },
      () =>
        !existsSync(`/proc/${pid}/stat`) ||
        parseProcessStatus(readFileSync(`/proc/${pid}/stat`, "utf8")).state === "Z" ||
        undefined,
    );

  test("a process's name may hold spaces and parentheses", () => {
    const rest = ["S", "7", ...Array.from({ length: 17 }, (_, index) => String(index)), "4711", "0"].join(" ");
    expect(parseProcessStatus(`12 (a) b (c)) ${rest}`)).toStrictEqual({ state: "S", parent: 7, startTime: "4711" });
  });

  test("ending a process ends what it started", async () => {
    const pid = start(`sleep 60 & echo $! > ${folder}/child; wait`);
    const child = await childWritten();
    const record = describeProcess("tree", pid);
    expect(isRunning(record)).toBe(true);
    expect(processTree(pid)).toStrictEqual([pid, child]);
    endProcess(record);
    await ended(pid);
    await ended(child);
    expect(isRunning(record)).toBe(false);
  });

  test("another process that got the same id is left alone", () => {
    const pid = start("sleep 60");
    const record = { ...describeProcess("stale", pid), startTime: "1" };
    expect(isRunning(record)).toBe(false);
    endProcess(record);
    expect(isRunning(describeProcess("real", pid))).toBe(true);
  });

  test("records are read back, and gone when removed", () => {
    expect(readRecords(join(folder, "none"))).toStrictEqual([]);
    const record = { name: "etcd", pid: 12, startTime: "34" };
    writeRecord(folder, record);
    expect(readRecords(folder)).toStrictEqual([record]);
    removeRecord(folder, "etcd");
    expect(readRecords(folder)).toStrictEqual([]);
  });
});
