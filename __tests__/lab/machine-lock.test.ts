import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openLab } from "../../lab/lab-settings";
import { claimMachine, lockMachine, releaseMachine } from "../../lab/machine-lock";
import { describeProcess } from "../../lab/process-record";

describe("the machine's lock", () => {
  let place: string;
  beforeEach(() => {
    place = mkdtempSync(join(tmpdir(), "lock-"));
  });
  afterEach(() => rmSync(place, { recursive: true, force: true }));
  const lockFile = () => join(place, "lock.json");

  test("a command of another process is waited for by nobody: it is refused, and named", () => {
    const other = spawn("sleep", ["60"], { stdio: "ignore" });
    try {
      const record = describeProcess("deploy", other.pid ?? 0);
      writeFileSync(lockFile(), JSON.stringify(record));
      expect(() => lockMachine("up", place)).toThrow(`process ${record.pid} runs "deploy"`);
    } finally {
      other.kill("SIGKILL");
    }
  });

  test("the lock of a process that has ended is taken over", () => {
    writeFileSync(lockFile(), JSON.stringify({ name: "up", pid: process.pid, startTime: "1" }));
    const release = lockMachine("down", place);
    release();
    expect(existsSync(place)).toBe(false);
  });

  test("a command made of others locks once, and lets go at its end", () => {
    const release = lockMachine("lab", place);
    lockMachine("up", place)();
    expect(existsSync(lockFile())).toBe(true);
    release();
    expect(existsSync(lockFile())).toBe(false);
  });

  test("a lab of another folder is refused while one is up", () => {
    const labOf = (folder: string) => openLab({}, { LAB_DIR: folder });
    claimMachine(labOf("/first"), place);
    claimMachine(labOf("/first"), place);
    expect(() => claimMachine(labOf("/second"), place)).toThrow(
      "a lab from /first is up on this machine, and only one can be. Stop it first: LAB_DIR=/first npm run lab -- down",
    );
    releaseMachine(place);
    claimMachine(labOf("/second"), place);
  });
});
