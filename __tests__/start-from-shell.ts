import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { join } from "node:path";
import { shellWord } from "../stacks/shared/shell-word";
import { runFolder } from "./run-folder";

/** How a program is started. */
export interface StartOptions {
  /** The whole of its environment. */
  readonly environment: Readonly<Record<string, string>>;
  /** The pipe that it reads from; its end does not come, since the program has it for writing, too. */
  readonly input: string;
}

export interface Ended {
  /** Exit status; null when it was killed. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a shell says of a command that SIGKILL ended. */
const killed = 128 + 9;

/** A shell that stays as long as this process, and the pipes to it. */
interface StartingShell {
  /** Where it reads its commands. */
  readonly commands: number;
  /** Where it tells how they ended, one a line. */
  readonly statuses: number;
  /** The paths of what it gives the commands to write to. */
  readonly stdout: string;
  readonly stderr: string;
}

function startShell(): StartingShell {
  const folder = mkdtempSync(join(runFolder(), "shell-"));
  const [commands, statuses, stdout, stderr] = ["commands", "statuses", "stdout", "stderr"].map((name) =>
    join(folder, name),
  ) as [string, string, string, string];
  spawnSync("mkfifo", [commands, statuses, stdout, stderr]);
  // It takes the pipe for a script and runs each line as it comes, until this process ends, and with it the script.
  spawn("sh", [commands], { env: {}, stdio: "ignore" }).unref();
  const requests = openSync(commands, "w");
  writeSync(requests, `exec 9>${shellWord(statuses)}\n`);
  return { commands: requests, statuses: openSync(statuses, "r"), stdout, stderr };
}

let started: StartingShell | undefined;

function readToEnd(file: number): string {
  try {
    return readFileSync(file, "utf8");
  } finally {
    closeSync(file);
  }
}

/**
 * As spawnSync, which copies this process to start another: jest is large, so that this takes longer than most scripts do. A
 * small shell copies itself in no time. Returns when the program has ended, and nothing holds its output any more.
 * @throws Error if that shell has ended
 */
export function startFromShell(words: readonly string[], { environment, input }: StartOptions): Ended {
  const shell = (started ??= startShell());
  const command = [
    ...Object.entries(environment).map(([name, value]) => `${name}=${shellWord(value)}`),
    ...words.map(shellWord),
    `<>${shellWord(input)}`,
    `>${shellWord(shell.stdout)}`,
    `2>${shellWord(shell.stderr)}`,
  ];
  writeSync(shell.commands, `${command.join(" ")} 9>&-; echo $? >&9\n`);
  // Both are open before the program starts; what it says on the error stream has room in the pipe (64 KiB) until it is read.
  const [output, errors] = [openSync(shell.stdout, "r"), openSync(shell.stderr, "r")];
  const [stdout, stderr] = [readToEnd(output), readToEnd(errors)];
  const line = Buffer.alloc(8);
  const length = readSync(shell.statuses, line);
  if (length === 0) throw new Error("the shell that starts programs has ended");
  const status = Number(line.toString("utf8", 0, length));
  return { status: status === killed ? null : status, stdout, stderr };
}
