import { spawn } from "node:child_process";
import { closeSync, openSync, writeSync } from "node:fs";
import { LabError } from "./lab-error";

export interface CommandOptions {
  /** After this the command and its children are killed. */
  readonly timeoutSeconds: number;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly input?: string;
  /** The file that the command's output is appended to. */
  readonly logFile?: string;
}

export interface CommandResult {
  /** The exit code; 124 for a command that ran out of time, 127 for one that does not exist. */
  readonly code: number;
  readonly stdout: string;
  /** Both streams, as they came. */
  readonly output: string;
}

const running = new Set<number>();

/** Ends what this process has started and still waits for: for a handler of Ctrl-C. */
export function endRunningCommands(): void {
  for (const group of running) endGroup(group);
}

function endGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    // It ended in the meantime.
  }
}

/** Runs a command to its end, within its time. */
export function run(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const [program = "", ...args] = command;
  const log = options.logFile === undefined ? undefined : openSync(options.logFile, "a");
  if (log !== undefined) writeSync(log, `$ ${command.join(" ")}\n`);
  return new Promise((resolve) => {
    let stdout = "";
    let output = "";
    let timedOut = false;
    // Its own process group, so that its children can be ended with it.
    const child = spawn(program, args, { cwd: options.cwd, env: options.env ?? process.env, detached: true });
    if (child.pid !== undefined) running.add(child.pid);
    const take = (text: string) => {
      output += text;
      if (log !== undefined) writeSync(log, text);
    };
    const timer = setTimeout(() => {
      timedOut = true;
      if (child.pid !== undefined) endGroup(child.pid);
    }, options.timeoutSeconds * 1000);
    const finish = (code: number) => {
      clearTimeout(timer);
      if (child.pid !== undefined) running.delete(child.pid);
      if (timedOut) take(`\nstopped after ${options.timeoutSeconds} s\n`);
      if (log !== undefined) closeSync(log);
      resolve({ code: timedOut ? 124 : code, stdout, output });
    };
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout += text;
      take(text);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", (error: NodeJS.ErrnoException) => {
      take(`${error.message}\n`);
      if (child.pid === undefined) finish(error.code === "ENOENT" ? 127 : 126);
    });
    child.on("close", (code) => finish(code ?? 1));
    child.stdin.on("error", () => undefined); // The command may end without reading its input.
    child.stdin.end(options.input ?? "");
  });
}

/** Runs a command that has to succeed; the error says what ran, how it ended and what it printed last. */
export async function runChecked(command: readonly string[], options: CommandOptions): Promise<CommandResult> {
  const result = await run(command, options);
  if (result.code !== 0) throw new LabError(describeFailure(command, result, options.logFile));
  return result;
}

export function describeFailure(command: readonly string[], result: CommandResult, logFile?: string): string {
  const line = command.join(" ");
  const shown = line.length > 160 ? `${line.slice(0, 157)}…` : line;
  const how = result.code === 124 ? "ran out of time" : `ended with ${result.code}`;
  return [
    `${shown}: ${how}`,
    ...lastLines(result.output, 15).map((text) => `    ${text}`),
    ...(logFile === undefined ? [] : [`  all of it: ${logFile}`]),
  ].join("\n");
}

export function lastLines(text: string, count: number): string[] {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .slice(-count);
}

/** Runs a command on this terminal, for as long as the person wants; gives its exit code. */
export function runInTerminal(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<number> {
  const [program = "", ...args] = command;
  process.on("SIGINT", () => undefined); // Ctrl-C is for the command, which has it from the terminal too.
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: "inherit", env });
    child.on("error", (error) => reject(new LabError(`${program}: ${error.message}`)));
    child.on("close", (code) => resolve(code ?? 1));
  });
}
