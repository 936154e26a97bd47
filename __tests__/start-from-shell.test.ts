import { startFromShell } from "./start-from-shell";

describe("a program that a small shell starts", () => {
  const run = (script: string, environment: Readonly<Record<string, string>> = {}) =>
    startFromShell(["/bin/sh", "-c", script], { environment, input: "/dev/null" });

  test("has its status, both outputs, and the environment that it is given", () => {
    expect(run('echo "$A"; echo "$HOME." >&2; exit 5', { A: "it's $(id)\n" })).toEqual({
      status: 5,
      stdout: "it's $(id)\n\n",
      stderr: ".\n",
    });
  });

  test("has no status where it is killed, and the next one has its own", () => {
    expect([run("kill -9 $$").status, run("exit 3").status, run("true").status]).toEqual([null, 3, 0]);
  });

  test("is over when nothing holds its output any more", () => {
    expect(run("{ sleep 0.2; echo late; } & echo soon").stdout).toBe("soon\nlate\n");
  });
});
