import { spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import type { Command, Measured } from "./measure";

const intervalMilliseconds = 100;

/** One run, with the peak of what the command and all that it starts take together, of shared pages each its part (PSS). */
export function measureMemory(of: Command): Promise<Required<Measured>> {
  const { command, cwd, env = {}, exitCodes = [0], timeoutSeconds = 300 } = of;
  const [program = "", ...args] = command;
  const start = Date.now();
  return new Promise((resolve, reject) => {
    // A session of its own, by which its children are known.
    const child = spawn(program, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: "ignore" });
    let peak = 0;
    const end = start + timeoutSeconds * 1000;
    const timer = setInterval(() => {
      peak = Math.max(peak, memoryOf(child.pid ?? 0));
      if (Date.now() > end) process.kill(-(child.pid ?? 0), "SIGKILL");
    }, intervalMilliseconds);
    child.on("error", reject);
    child.on("close", (code) => {
      clearInterval(timer);
      const seconds = (Date.now() - start) / 1000;
      if (code !== null && exitCodes.includes(code)) resolve({ seconds, mebibytes: peak / 1024 });
      else reject(new Error(`${command.join(" ")} ended with ${code}`));
    });
  });
}

/** In KiB. */
function memoryOf(session: number): number {
  let sum = 0;
  for (const id of readdirSync("/proc")) {
    if (!/^\d+$/.test(id)) continue;
    try {
      // The name, in parentheses, may hold anything; after it come state, parent, group and session.
      const [, , , of] = readFileSync(`/proc/${id}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
      if (Number(of) !== session) continue;
      sum += Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${id}/smaps_rollup`, "utf8"))?.[1] ?? 0);
    } catch {
      // It ended in the meantime.
    }
  }
  return sum;
}
