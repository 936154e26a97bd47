import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runProgram } from "./run-program";

describe("a command after others, in the process that they ran in", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    writeFileSync(join(folder, "wrong.yaml"), "name: Search\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  test("has its own exit code, words and output", async () => {
    expect((await runProgram(folder, ["check", "--config", "wrong.yaml"])).status).toBe(1);
    const { status, stdout, stderr } = await runProgram(folder, ["completion", "bash"]);
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    expect(stdout).not.toContain("wrong.yaml");
  });

  test("has its own folder and environment", async () => {
    const other = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    try {
      const named = await runProgram(folder, ["check"], { CLUSTER_CONFIG: "wrong.yaml" });
      const unnamed = await runProgram(other, ["check"]);
      expect(named.stdout + named.stderr).toContain("wrong.yaml");
      expect(unnamed.status).toBe(1);
      expect(unnamed.stdout + unnamed.stderr).toContain("cluster.yaml");
    } finally {
      rmSync(other, { recursive: true });
    }
  });

  test("runs also where the one before ended the process", async () => {
    expect((await runProgram(folder, ["no-such-command"])).status).toBe(1);
    expect((await runProgram(folder, ["completion", "zsh"])).status).toBe(0);
  });

  test("runs beside another", async () => {
    const [first, second] = await Promise.all([
      runProgram(folder, ["completion", "bash"]),
      runProgram(folder, ["completion", "fish"]),
    ]);
    expect([first.status, second.status]).toEqual([0, 0]);
    expect(first.stdout).not.toBe(second.stdout);
  });
});
