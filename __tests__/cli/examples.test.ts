import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { program } from "../../cli/main";
import { fault } from "../faults";

/** What --help of a command prints. */
function helpOf(command: Command): string {
  let help = "";
  command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
  return help;
}

/** The lines of a help that can be typed, without what they are for. */
function examplesIn(help: string): string[] {
  const [, below = ""] = /\nExamples?:\n((?: {2}.*\n)+)$/.exec(help) ?? [];
  return below
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.replace(/ +# .*$/, "").trim());
}

/** The commands of a program, itself first, by the words that lead to them. */
const commandsOf = (command: Command, words: readonly string[] = []): [place: string, command: Command][] => [
  [words.join(" "), command],
  ...command.commands.flatMap((one) => commandsOf(one, [...words, one.name()])),
];

/** The words behind our program's name, up to what the shell does with the output. */
const wordsOf = (line: string): string[] =>
  (/npx baremetal-lb ([^|)>]*)/.exec(line)?.[1] ?? "")
    .trim()
    .split(/\s+/)
    .filter((word) => word !== "");

/** The command that the parser of this program runs for a line, or why it refuses it. Nothing is done. */
function parsed(line: string): string {
  const root = program();
  let ran = "none";
  for (const [place, command] of commandsOf(root)) {
    command.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
    if (command.commands.length === 0) command.action(() => void (ran = place));
  }
  try {
    root.parse(wordsOf(line), { from: "user" });
    return ran;
  } catch (error) {
    return (error as Error).message;
  }
}

describe(`${fault(236)}: the examples in --help`, () => {
  const before = process.cwd();
  let folder: string;
  // An option may empty the file that it names.
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "examples-"));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  test.each(commandsOf(program()))("'%s' has one at least, which its own parser takes", (place, command) => {
    const examples = examplesIn(helpOf(command));
    expect(examples.length).toBeGreaterThan(0);
    const isGroup = command.commands.length > 0;
    for (const line of examples) {
      const ran = parsed(line);
      expect([line, isGroup ? commandsOf(command).some(([below]) => `${place} ${below}`.trim() === ran) : ran]).toEqual(
        [line, isGroup ? true : place],
      );
    }
  });

  test.each(commandsOf(program()))("'%s' has none that is too long to read", (_, command) => {
    expect(
      helpOf(command)
        .split("\n")
        .filter((line) => line.includes(" # ") && line.length > 120),
    ).toEqual([]);
  });

  test("one that the program would refuse is seen", () => {
    expect(parsed("npx baremetal-lb verify --nonsense")).toMatch(/^error: unknown option '--nonsense'/);
    expect(parsed("npx baremetal-lb vrify")).toMatch(/^error: unknown command 'vrify'/);
    expect(parsed("npx baremetal-lb explain")).toBe("error: missing required argument 'service'");
    expect(parsed("npx baremetal-lb status --interval soon")).toMatch(/^error: option '--interval <seconds>' argument/);
    expect(parsed("source <(npx baremetal-lb completion tcsh)")).toMatch(/^error: command-argument value 'tcsh'/);
    expect(parsed("npx baremetal-lb state move --from old.yaml | cat")).toBe("state move");
    expect(examplesIn(helpOf(new Command("none")))).toEqual([]);
  });
});
