import { spawnSync } from "node:child_process";
import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { assignments, scriptText, type ScriptName } from "../../../../stacks/shared/script";
import { runFolder } from "../../../run-folder";
import { startFromShell } from "../../../start-from-shell";

/** A shell of this machine; the scripts must run the same in each. */
export interface Shell {
  readonly name: string;
  readonly path: string;
}

/** Commands of this machine that a fake node has too: they change nothing beyond the paths they are given. */
const harmless =
  "awk cat chmod cmp cp cut date dirname find grep head ls mkdir mktemp mv rm rmdir sed setsid sleep sort stat tail timeout tr true";

const findCommand = (name: string): string | undefined =>
  (process.env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));

/** @throws Error for one that this machine does not have */
function pathOf(name: string): string {
  const path = findCommand(name);
  if (path === undefined) throw new Error(`this machine has no ${name}, which the scripts need`);
  return path;
}

const timeout = pathOf("timeout");

/** A folder of links, by command. */
function linkCommands(folder: string, names: readonly string[]): void {
  for (const name of names) symlinkSync(pathOf(name), join(folder, name));
}

/** /bin of the nodes of a shell, which they share as long as they do not change it. */
const sharedBin = new Map<string, string>();

function binOf(shell: Shell): string {
  const known = sharedBin.get(shell.path);
  if (known !== undefined) return known;
  const folder = join(shared, shell.name);
  mkdirSync(folder);
  symlinkSync(shell.path, join(folder, "sh"));
  linkCommands(folder, harmless.split(" "));
  sharedBin.set(shell.path, folder);
  return folder;
}

/** What the nodes of a process of jest's share. */
const shared = mkdtempSync(join(runFolder(), "nodes-"));

/** Input that never ends: a pipe that nobody writes to. */
const terminal = join(shared, "terminal");
spawnSync("mkfifo", [terminal]);

/** dash (Debian, Ubuntu), bash in POSIX mode (Enterprise Linux, SUSE) and busybox ash (Alpine), where this machine has them. */
export const shells: readonly Shell[] = ["dash", "bash", "busybox"].flatMap((name) => {
  const path = findCommand(name);
  return path === undefined ? [] : [{ name, path: realpathSync(path) }];
});

export interface CommandOptions {
  /** Environment variables that stand in front of the recorded call: `DEBIAN_FRONTEND=noninteractive apt-get …`. */
  readonly environment?: readonly string[];
  /** Folder on the node. @default "/usr/bin" */
  readonly folder?: string;
}

export interface Outcome {
  /** Exit status; null when the script had to be killed, which is what a script that hangs gets. */
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What the fake commands were called with, in order: `modprobe ip_vs`. */
  readonly calls: readonly string[];
}

/** Throws for a script without the prefix, which would find this machine's package manager and modprobe. */
export function checkHarmless(text: string): void {
  if (!/^ROOT=\$\{BAREMETAL_LB_ROOT-\}$/m.test(text) || !/^PATH=\$PATH(:\$ROOT\/[a-z/]+)+$/m.test(text)) {
    throw new Error("the preamble does not prefix PATH with $ROOT: refusing to run a script on this machine");
  }
}

/** What is assigned in front of a script. */
type Parameters = Readonly<Record<string, string | number | boolean>>;

/** A longer run is a hang. No test asks a script to wait for more than a few seconds. */
const killAfterSeconds = 15;

/**
 * A fake node for scripts: a folder that stands for /, and fake commands that record how they are called. A script
 * finds these, a shell and a few harmless commands, and nothing else of this machine: the preamble prefixes PATH, as
 * every path, with BAREMETAL_LB_ROOT. Its input never ends, like Terraform's pseudo-terminal: a script that asks hangs.
 */
export class NodeUnderTest {
  readonly root = mkdtempSync(join(tmpdir(), "node-under-test-"));
  private readonly callsFile = join(this.root, "calls");

  constructor(private readonly under: Shell) {
    for (const folder of ["/usr/bin", "/usr/sbin", "/tmp"]) mkdirSync(join(this.root, folder), { recursive: true });
    symlinkSync(binOf(under), join(this.root, "bin"));
  }

  /** Another node with the same files. */
  copy(): NodeUnderTest {
    const copy = new NodeUnderTest(this.under);
    rmSync(copy.root, { recursive: true });
    cpSync(this.root, copy.root, { recursive: true, verbatimSymlinks: true });
    return copy;
  }

  /** Gives the node a harmless command of this machine. */
  link(name: string): this {
    linkCommands(this.changeable("/bin"), [name]);
    return this;
  }

  /** A path on this machine, which a test may change: a node whose /bin is changed gets one of its own. */
  private changeable(path: string): string {
    const bin = join(this.root, "bin");
    if (/^\/bin(\/|$)/.test(path) && lstatSync(bin).isSymbolicLink()) {
      const common = realpathSync(bin);
      unlinkSync(bin);
      mkdirSync(bin);
      for (const name of readdirSync(common)) symlinkSync(readlinkSync(join(common, name)), join(bin, name));
    }
    return join(this.root, path);
  }

  /** Adds a fake command, or replaces it. `body` is shell, in which $root is this node's /; without it, it succeeds. */
  command(name: string, body = "", { environment = [], folder = "/usr/bin" }: CommandOptions = {}): this {
    const call = [...environment.map((variable) => `${variable}=\${${variable}-}`), name, "$*"].join(" ");
    const recorded = `#!/bin/sh\nroot=$NODE_UNDER_TEST\nprintf '%s\\n' "${call}" >>"$root/calls"\n${body}\n`;
    return this.write(join(folder, name), recorded, 0o755);
  }

  /** The user that `id -u` tells; under the fake sudo it is 0. */
  user(id: number): this {
    return this.command("id", `echo "\${FAKE_USER-${id}}"`);
  }

  /** A sudo that runs its command, if it is told not to ask (-n). */
  sudo(): this {
    return this.command("sudo", `[ "$1" = -n ] || { read -r password; exit 1; }\nshift\nFAKE_USER=0 exec "$@"`);
  }

  /** A clock that only sleep moves, at once: by the seconds that it is told, or `pace` times as many. */
  clock({ pace = 1 }: { readonly pace?: number } = {}): this {
    // read: a cat would be one more process in every step of a wait.
    const read = 'read -r now <"$root/seconds"';
    return this.write("/seconds", "1000000000\n")
      .command("date", `${read}\necho "$now"`)
      .command("sleep", `${read}\necho "$((now + ${pace} * $1))" >"$root/seconds"`);
  }

  write(path: string, text: string, mode = 0o644): this {
    const file = this.changeable(path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    chmodSync(file, mode);
    return this;
  }

  remove(path: string): this {
    rmSync(this.changeable(path), { recursive: true, force: true });
    return this;
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), "utf8");
  }

  /** Permissions and time of change: a file that was written again has another `changed`. */
  stat(path: string): { readonly mode: string; readonly changed: number; readonly inode: number } {
    const { mode, ctimeMs, ino } = statSync(join(this.root, path));
    return { mode: (mode & 0o7777).toString(8), changed: ctimeMs, inode: ino };
  }

  /** Every file below a folder, hidden ones too, sorted. */
  files(folder: string): string[] {
    const entries = readdirSync(join(this.root, folder), { recursive: true, withFileTypes: true });
    return entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(this.root.length))
      .sort();
  }

  /** Runs the text that a real node would get, as a file, the way Terraform does. */
  run(name: ScriptName, parameters: Parameters): Outcome {
    return this.runText(scriptText(name, Object.keys(parameters)), parameters);
  }

  runText(text: string, parameters: Parameters): Outcome {
    this.write("/tmp/terraform.sh", this.assigned(text, parameters), 0o777);
    return this.shell(join(this.root, "tmp/terraform.sh"));
  }

  /** What a script finds in its environment, and the fake commands in theirs. */
  get environment(): Readonly<Record<string, string>> {
    const { root } = this;
    return { PATH: `${root}/usr/bin:${root}/bin`, TMPDIR: join(root, "tmp"), NODE_UNDER_TEST: root };
  }

  /** Runs a text as a command line, the way it is run over SSH: no file is written. */
  runCommandLine(text: string, parameters: Parameters): Outcome {
    return this.shell("-c", this.assigned(text, parameters));
  }

  private assigned(text: string, parameters: Parameters): string {
    checkHarmless(text);
    const values = { NODE: "node1", SSH_USER: "ops", SUDO: false, ...parameters, BAREMETAL_LB_ROOT: this.root };
    return `${assignments(values)}\n${text}`;
  }

  private shell(...words: readonly string[]): Outcome {
    writeFileSync(this.callsFile, "");
    // timeout ends what the script started, too.
    const bounded = [timeout, "-s", "KILL", String(killAfterSeconds), join(this.root, "bin/sh")];
    const ended = startFromShell([...bounded, ...words], { environment: this.environment, input: terminal });
    const calls = readFileSync(this.callsFile, "utf8").split("\n").slice(0, -1);
    return { ...ended, calls: calls.map((call) => call.trimEnd()) };
  }

  /** Call it after each test. */
  dispose(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}
