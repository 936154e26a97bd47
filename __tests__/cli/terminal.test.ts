import { spawn } from "node:child_process";
import { resolve } from "node:path";
import { fault } from "../faults";
import { bundled } from "../programs";

/** Runs it on a terminal of its own, which `script` makes, and presses Ctrl-C once a text is shown. */
function onTerminal(program: string, shown: string): Promise<string> {
  const command = `${process.execPath} ${program}`;
  const child = spawn("script", ["-qec", command, "/dev/null"], { cwd: resolve(__dirname, "../.."), timeout: 20_000 });
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
});

test(`${fault(41)}: Ctrl-C in the place of an answer is a no, and leaves no folder with secrets`, async () => {
  const output = await onTerminal(`${bundled("interrupted")} question`, "accepted: ");
  const lines = output.split(/\r?\n/).filter((line) => line !== "");
  expect(lines.slice(1)).toEqual(["answered with no", "came to its end, the folder is gone"]);
});
