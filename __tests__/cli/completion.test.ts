import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Argument, Command, Option } from "commander";
import { bashCompletion } from "../../cli/completion/bash";
import { fishCompletion } from "../../cli/completion/fish";
import { commandTree } from "../../cli/completion/tree";
import { zshCompletion } from "../../cli/completion/zsh";
import { program } from "../../cli/main";
import { runProgram } from "./run-program";

const tree = commandTree(program());
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "completion-"));
  writeFileSync(join(folder, "bash"), bashCompletion(tree));
  writeFileSync(join(folder, "zsh"), zshCompletion(tree));
  writeFileSync(join(folder, "fish"), fishCompletion(tree));
  mkdirSync(join(folder, "work", "old out"), { recursive: true });
  for (const name of ["cluster.yaml", "old cluster.yaml"]) writeFileSync(join(folder, "work", name), "");
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What a shell prints, each line once, in its order. */
function linesOf(shell: string, args: readonly string[]): string[] {
  const { status, stdout, stderr } = spawnSync(shell, args, { cwd: join(folder, "work"), encoding: "utf8" });
  if (status !== 0 || stderr !== "") throw new Error(`${shell} ended with ${status}: ${stderr}${stdout}`);
  return stdout.split("\n").filter((line) => line !== "");
}

/** What bash offers for the last of some words. */
const inBash = (words: readonly string[], script = join(folder, "bash")) =>
  linesOf("bash", [
    "--norc",
    "-c",
    'set -u; source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _baremetal_lb; printf "%s\\n" ${COMPREPLY[@]+"${COMPREPLY[@]}"}',
    "bash",
    script,
    ...words,
  ]);

/** A line of words, what it is completed with, and whether by files, which shells sort and mark in ways of their own. */
const lines: readonly [line: string, offered: readonly string[]][] = [
  ["baremetal-lb st", ["status", "state"]],
  ["npx baremetal-lb exp", ["explain"]],
  ["npx --yes baremetal-lb exp", ["explain"]],
  ["./node_modules/.bin/baremetal-lb state ", ["move"]],
  ["baremetal-lb state m", ["move"]],
  ["baremetal-lb state move --fr", ["--from"]],
  ["baremetal-lb drift --format ", ["github", "json", "text"]],
  ["baremetal-lb drift --format g", ["github"]],
  ["baremetal-lb completion ", ["bash", "fish", "zsh"]],
  ["baremetal-lb apply --approved ", []],
  // A value that is the name of a command is none.
  ["baremetal-lb explain --without state m", []],
  ["baremetal-lb explain --without state --js", ["--json"]],
  ["baremetal-lb verify --servi", ["--service"]],
];

describe("completion in bash", () => {
  test.each(lines)("%s", (line, offered) => {
    expect(inBash(line.split(" ")).sort()).toEqual([...offered].sort());
  });

  test("files and folders, with blanks in their names, also behind =", () => {
    expect(inBash(["baremetal-lb", "check", "--config", ""]).sort()).toEqual([
      "cluster.yaml",
      "old cluster.yaml",
      "old out",
    ]);
    expect(inBash(["baremetal-lb", "drift", "-o", "o"])).toEqual(["old out"]);
    expect(inBash(["baremetal-lb", "check", "--config", "=", "cl"])).toEqual(["cluster.yaml"]);
    expect(inBash(["baremetal-lb", "drift", "--format", "="]).sort()).toEqual(["github", "json", "text"]);
    expect(inBash(["baremetal-lb", "drift", "--format", "=", "json", "--mark"])).toEqual(["--markdown"]);
  });

  test("every option of every command, as its parser has them", () => {
    const walk = (command: Command, words: readonly string[]): void => {
      const flags = command.options.flatMap(({ long, short }) => [long, short]).filter((flag) => flag !== undefined);
      expect(inBash([...words, "-"]).sort()).toEqual([...flags, "--help", "-h"].sort());
      const names = command.commands.map((one) => one.name());
      if (names.length > 0) expect(inBash([...words, ""])).toEqual(names);
      for (const one of command.commands) walk(one, [...words, one.name()]);
    };
    walk(program(), ["baremetal-lb"]);
  });

  test("what is new in a program is completed: nothing of it is written twice", () => {
    const invented = new Command("baremetal-lb").addCommand(
      new Command("dance")
        .addArgument(new Argument("<step>").choices(["waltz", "tango"]))
        .addOption(new Option("--tempo <tempo>").choices(["slow", "quick"])),
    );
    const script = join(folder, "invented");
    writeFileSync(script, bashCompletion(commandTree(invented)));
    expect(inBash(["baremetal-lb", ""], script)).toEqual(["dance"]);
    expect(inBash(["baremetal-lb", "dance", ""], script)).toEqual(["waltz", "tango"]);
    expect(inBash(["baremetal-lb", "dance", "--tempo", "s"], script)).toEqual(["slow"]);
    writeFileSync(script, bashCompletion(commandTree(new Command("baremetal-lb"))));
    expect(inBash(["baremetal-lb", "-"], script)).toEqual(["--help", "-h"]);
  });

  test("by the tabulator key, of the program and of npx", async () => {
    const child = spawn("script", ["-qec", "bash --norc --noprofile -i", "/dev/null"], {
      cwd: join(folder, "work"),
      env: { PATH: process.env.PATH, HOME: folder, TERM: "dumb", HISTFILE: "" },
      timeout: 20_000,
    });
    let output = "";
    child.stdout.on("data", (data) => (output += String(data)));
    const shows = async (what: string) => {
      for (let waited = 0; !output.includes(what) && waited < 200; waited += 1) {
        await new Promise((done) => setTimeout(done, 50));
      }
    };
    const ended = new Promise((done) => child.on("close", done));
    child.stdin.write(
      `source ../bash; baremetal-lb() { printf 'ran: <%s>\\n' "$*"; }; npx() { printf 'npx: <%s>\\n' "$*"; }; echo rea""dy\n`,
    );
    await shows("ready");
    child.stdin.write("baremetal-lb verify --ser\t\n");
    await shows("ran: <");
    child.stdin.write("npx baremetal-lb state mo\t--from cl\t\n");
    await shows("npx: <");
    child.stdin.write("exit\n");
    await ended;
    expect(output).toContain("ran: <verify --service>");
    expect(output).toContain("npx: <baremetal-lb state move --from cluster.yaml>");
  }, 30_000);
});

const isThere = (shell: string) => spawnSync(shell, ["-c", "true"]).status === 0;

const withShell = (shell: string) => {
  if (isThere(shell)) return describe;
  console.warn(`SKIPPED: completion in ${shell}, which is not installed`);
  return describe.skip;
};

withShell("zsh")("completion in zsh", () => {
  /** Its completion's functions print what they are given. */
  const stubs = `
compdef() { print -r -- "compdef $*" >&2 }
compadd() { shift; print -rl -- "$@" }
_files() { print -r -- "files $*" }
_describe() { local each; [[ $1 != -o ]] || shift; for each in "\${(@P)2}"; do each=\${each//\\\\:/\\001}; each=\${each%%:*}; print -r -- "\${each//\\001/:}"; done }
typeset -A _comps
source "$1" 2>/dev/null; shift
words=("$@"); CURRENT=$#
_baremetal_lb; true`;
  const inZsh = (words: readonly string[]) => linesOf("zsh", ["-f", "-c", stubs, "zsh", join(folder, "zsh"), ...words]);

  test.each(lines)("%s", (line, offered) => {
    const words = line.split(" ");
    // What fits to the word that was begun is zsh's own matter.
    const fitting = inZsh(words).filter((word) => word.startsWith(words.at(-1) ?? ""));
    expect(fitting.sort()).toEqual([...offered].sort());
  });

  test("files and folders", () => {
    expect(inZsh(["baremetal-lb", "check", "--config", ""])).toEqual(["files "]);
    expect(inZsh(["baremetal-lb", "drift", "-o", ""])).toEqual(["files -/"]);
    expect(inZsh(["npx", "other", ""])).toEqual(["files "]);
  });
});

withShell("fish")("completion in fish", () => {
  const inFish = (line: string) =>
    linesOf("fish", ["--no-config", "-c", 'source $argv[1]; complete -C "$argv[2]"', join(folder, "fish"), line]).map(
      (offered) => offered.split("\t")[0] ?? "",
    );

  test.each(lines)("%s", (line, offered) => {
    expect(inFish(line).sort()).toEqual([...offered].sort());
  });

  test("files and folders", () => {
    expect(inFish("baremetal-lb check --config cl")).toEqual(["cluster.yaml"]);
    expect(inFish("baremetal-lb drift -o o")).toEqual(["old out/"]);
    expect(inFish("baremetal-lb check cl")).toEqual([]);
  });
});

test.each(["bash", "zsh", "fish"] as const)("the program prints the script of %s", async (shell) => {
  const expected = { bash: bashCompletion, zsh: zshCompletion, fish: fishCompletion }[shell](tree);
  expect(await runProgram(folder, ["completion", shell])).toStrictEqual({ status: 0, stdout: expected, stderr: "" });
});

test("another shell is refused with those that there are", async () => {
  expect(await runProgram(folder, ["completion", "tcsh"])).toStrictEqual({
    status: 1,
    stdout: "",
    stderr:
      "error: command-argument value 'tcsh' is invalid for argument 'shell'. Allowed choices are bash, zsh, fish.\n(run it with --help to see what it takes)\n",
  });
});
