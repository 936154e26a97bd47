import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeFailure, run, runChecked } from "../../lab/command";

const timeoutSeconds = 20;
const sh = (script: string) => ["sh", "-c", script];

test("gives the exit code, standard output, and both streams", async () => {
  const result = await run(sh("cat; echo out; echo err >&2; exit 3"), { timeoutSeconds, input: "in\n" });
  expect(result.code).toBe(3);
  expect(result.stdout).toBe("in\nout\n");
  expect(result.output).toContain("err\n");
  expect(result.output).toContain("in\nout\n");
});

test("a command that runs out of time is ended with what it started", async () => {
  const start = Date.now();
  // The child holds the output open: only its end ends the command.
  const result = await run(sh("sleep 30 & echo $!; wait"), { timeoutSeconds: 0.5 });
  expect(result.code).toBe(124);
  expect(result.output).toContain("stopped after 0.5 s");
  expect(Date.now() - start).toBeLessThan(10_000);
});

test("a command that does not exist is said not to", async () => {
  const result = await run(["no-such-command-here"], { timeoutSeconds });
  expect(result).toStrictEqual({ code: 127, stdout: "", output: "spawn no-such-command-here ENOENT\n" });
});

test("the log has the command and its output", async () => {
  const folder = mkdtempSync(join(tmpdir(), "command-"));
  try {
    const logFile = join(folder, "log");
    await runChecked(["echo", "one"], { timeoutSeconds, logFile });
    await expect(runChecked(sh("echo two; exit 4"), { timeoutSeconds, logFile })).rejects.toThrow(
      `sh -c echo two; exit 4: ended with 4\n    two\n  all of it: ${logFile}`,
    );
    expect(readFileSync(logFile, "utf8")).toBe("$ echo one\none\n$ sh -c echo two; exit 4\ntwo\n");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a failure shows the last lines, and not a command line without end", () => {
  const output = Array.from({ length: 40 }, (_, index) => `line ${index + 1}`).join("\n\n");
  const text = describeFailure(["go", "x".repeat(400)], { code: 124, stdout: "", output });
  const lines = text.split("\n");
  expect(lines[0]).toMatch(/^go x{154}…: ran out of time$/);
  expect(lines.slice(1)).toStrictEqual(Array.from({ length: 15 }, (_, index) => `    line ${index + 26}`));
});
