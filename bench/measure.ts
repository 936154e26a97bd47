import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One run of a command. */
export interface Measured {
  readonly seconds: number;
  /** Peak memory in MiB; of Node.js programs only. */
  readonly mebibytes?: number;
}

export interface Command {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Where the peak memory is written; without it none is measured. */
  readonly peakMemoryFile?: string;
  /** The exit codes of a run that counts. Default: 0. */
  readonly exitCodes?: readonly number[];
}

const timeoutSeconds = 300;

/** Runs a command to its end; throws with its output where it fails or takes longer than five minutes. */
export function measure({ command, cwd, env = {}, peakMemoryFile, exitCodes = [0] }: Command): Measured {
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

const middle = (values: number[]): number => values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/** The median of several runs of each command, taken in turn, so that a machine that slows down slows all of them. */
export function inTurn(commands: Readonly<Record<string, Command>>, runs: number): Record<string, Measured> {
  const results = new Map<string, Measured[]>(Object.keys(commands).map((name) => [name, []]));
  for (let i = 0; i < runs; i++) {
    for (const [name, command] of Object.entries(commands)) results.get(name)?.push(measure(command));
  }
  return Object.fromEntries(
    [...results].map(([name, all]) => {
      const mebibytes = all.flatMap((one) => one.mebibytes ?? []);
      const seconds = middle(all.map((one) => one.seconds));
      return [name, { seconds, ...(mebibytes.length > 0 && { mebibytes: middle(mebibytes) }) }];
    }),
  );
}
