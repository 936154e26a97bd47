import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { summary } from "./figures";

/** One run of a command. */
export interface Measured {
  readonly seconds: number;
  /** Peak memory in MiB. */
  readonly mebibytes?: number;
}

export interface Command {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where a Node.js program's peak memory is written; without it none is measured. */
  readonly peakMemoryFile?: string;
  /** The exit codes of a run that counts. Default: 0. */
  readonly exitCodes?: readonly number[];
  /** Default: 300. */
  readonly timeoutSeconds?: number;
}

/** Runs a command to its end; throws with its output where it fails or takes longer than its time. */
export function measure(of: Command): Measured {
  const { command, cwd, env = {}, peakMemoryFile, exitCodes = [0], timeoutSeconds = 300 } = of;
  const [program = "", ...args] = command;
  const preload = `--require ${join(__dirname, "peak-memory.cjs")}`;
  const memory = peakMemoryFile ? { PEAK_MEMORY_FILE: peakMemoryFile, NODE_OPTIONS: preload } : {};
  const start = process.hrtime.bigint();
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env: { ...process.env, CHECKPOINT_DISABLE: "1", ...env, ...memory },
    encoding: "utf8",
    maxBuffer: 256 * 1024 * 1024,
    timeout: timeoutSeconds * 1000,
  });
  const seconds = Number(process.hrtime.bigint() - start) / 1e9;
  if (status === null || !exitCodes.includes(status))
    throw new Error(`${command.join(" ")}: ${(stderr || stdout).slice(-2000)}`);
  return { seconds, ...(peakMemoryFile && { mebibytes: Number(readFileSync(peakMemoryFile, "utf8")) / 1024 }) };
}

/** Several runs of each command, taken in turn, so that a machine that slows down slows all of them. `say` is told of each. */
export function runsInTurn(
  commands: Readonly<Record<string, Command>>,
  runs: number,
  say: (name: string, measured: Measured) => void = () => undefined,
): Record<string, Measured[]> {
  const results = new Map<string, Measured[]>(Object.keys(commands).map((name) => [name, []]));
  for (let i = 0; i < runs; i++) {
    for (const [name, command] of Object.entries(commands)) {
      const measured = measure(command);
      say(name, measured);
      results.get(name)?.push(measured);
    }
  }
  return Object.fromEntries(results);
}

/** The medians of the same. */
export function inTurn(commands: Readonly<Record<string, Command>>, runs: number): Record<string, Measured> {
  return Object.fromEntries(
    Object.entries(runsInTurn(commands, runs)).map(([name, all]) => {
      const mebibytes = all.flatMap((one) => one.mebibytes ?? []);
      const { median: seconds } = summary(all.map((one) => one.seconds));
      return [name, { seconds, ...(mebibytes.length > 0 && { mebibytes: summary(mebibytes).median }) }];
    }),
  );
}
