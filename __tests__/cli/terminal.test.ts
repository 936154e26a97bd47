import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { elapsedText, startProgress } from "../../cli/terminal";
import { fault } from "../faults";
import { bundled } from "../programs";

/** Runs it on a terminal of its own, which `script` makes, and presses Ctrl-C once a text is shown. */
function onTerminal(
  program: string,
  shown: string,
  environment: NodeJS.ProcessEnv = { TERM: "xterm" },
): Promise<string> {
  const command = `${process.execPath} ${program}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: resolve(__dirname, "../.."),
    env: { PATH: process.env.PATH, ...environment },
    timeout: 20_000,
  });
  let output = "";
  let pressed = false;
  child.stdout.on("data", (data) => {
    output += String(data);
    // Once: the terminal echoes it.
    if (pressed || !output.includes(shown)) return;
    pressed = true;
    child.stdin.write("\u0003");
  });
  return new Promise((done) => child.on("close", () => done(output)));
}

test(`${fault(41)}: progress is shown on a terminal, and Ctrl-C leaves no folder with secrets`, async () => {
  const output = await onTerminal(bundled("interrupted"), "working");
  expect(output).toContain("working");
  expect(output).toContain("came to its end, the folder is gone");
  // What was there is cleared before anything else is said.
  expect(output).toContain("\u001b[2K\u001b[1Gsomething meanwhile\r\n");
  const shown = [...new Set(output.match(/working \(.*?\)/g))];
  expect(shown).toEqual(["working (2 s)", "working (3 s)", "working (4 s)"].slice(0, shown.length));
  expect(shown.length).toBeGreaterThan(1);
});

test.each([
  ["can do nothing but print", { TERM: "dumb" }],
  ["CI lends, to keep a log of it", { TERM: "xterm", CI: "true" }],
])(`${fault(234)}: on a terminal that %s, progress is lines, and nothing is drawn anew`, async (_, environment) => {
  expect((await onTerminal(bundled("interrupted"), "working", environment)).split("\r\n")).toEqual([
    "working …",
    "^Csomething meanwhile",
    "came to its end, the folder is gone",
    "",
  ]);
});

test.each([
  [2, "2 s"],
  [59.9, "59 s"],
  [60, "1 min 0 s"],
  [3725, "62 min 5 s"],
])("%s seconds are %s", (seconds, text) => {
  expect(elapsedText(seconds)).toBe(text);
});

test(`${fault(234)}: where there is no terminal a line says what goes on, and another one each minute`, async () => {
  jest.useFakeTimers();
  const write = jest.spyOn(process.stderr, "write").mockReturnValue(true);
  try {
    const stop = startProgress("applying nodes");
    jest.advanceTimersByTime(1999);
    expect(write.mock.calls).toEqual([]);
    jest.advanceTimersByTime(130_000);
    stop();
    jest.advanceTimersByTime(130_000);
    expect(write.mock.calls).toEqual([
      ["applying nodes …\n"],
      ["applying nodes (1 min 2 s) …\n"],
      ["applying nodes (2 min 2 s) …\n"],
    ]);
  } finally {
    write.mockRestore();
    jest.useRealTimers();
  }
});

test(`${fault(41)}: Ctrl-C in the place of an answer is a no, and leaves no folder with secrets`, async () => {
  const output = await onTerminal(`${bundled("interrupted")} question`, "accepted: ");
  const lines = output.split(/\r?\n/).filter((line) => line !== "");
  expect(lines.slice(1)).toEqual(["answered with no", "came to its end, the folder is gone"]);
});
