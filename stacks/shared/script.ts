import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { shellWord } from "./shell-word";

/** A script that runs on nodes: the room whose stack runs it, and its file below `scripts/` there, without `.sh`. */
export type ScriptName = `${"nodes" | "kube-proxy" | "metallb"}/${string}`;

/** The text of a script that Terraform runs, in one piece, as `inlined` has it. @throws Error if there is no such script. */
export function scriptText(name: ScriptName, given: readonly string[] = []): string {
  const [room = "", file = ""] = name.split("/");
  return inlined(join(__dirname, "..", room, "scripts", `${file}.sh`), given);
}

/**
 * A script in one piece: each of its lines `. ./lib/piece.sh` is replaced by what that file has, which is looked for from
 * the file that the line stands in. What is there already is not put in again. Without comments and empty lines, which
 * Terraform would read in every command.
 *
 * A piece ./defaults/NAME.sh, which gives the parameter NAME the value that it has as a rule, is left out where NAME is among
 * the given ones: so the script is the same text, and does not run again, where nobody gives it.
 */
export function inlined(file: string, given: readonly string[] = [], done: Set<string> = new Set()): string {
  done.add(file);
  const text = readFileSync(file, "utf8").replace(/^\s*(#.*)?\n/gm, "");
  return text.replace(/^\. (\S+)\n/gm, (_line, path: string) => {
    const piece = join(dirname(file), path);
    const isGiven = basename(dirname(piece)) === "defaults" && given.includes(basename(piece, ".sh"));
    return isGiven || done.has(piece) ? "" : inlined(piece, given, done);
  });
}

/** Shell assignments, one a line, that no value can break out of. */
export const assignments = (parameters: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}=${shellWord(String(value))}`)
    .join("\n");
