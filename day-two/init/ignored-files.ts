import { appendFileSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { errorCode } from "../../values/error-code";
import { systemProblem } from "../../values/user-error";

/** Where adopt and state move work; a run that was killed leaves them. */
const workFolders = ["cdktf.out.adopt/", "cdktf.out.move/", "cdktf.out.move-from/"];

/** What no repository should keep, with the reason: the state holds secrets, and the rest is made anew. */
const ignored = [
  { comment: "Made anew by each synthesis.", lines: ["node_modules/", "cdktf.out/", "hcl.out/", "cdktf.log"] },
  {
    comment: "Terraform's state holds the memberlist secret; so may what adopt and state move work with.",
    lines: [".state/", "*.tfstate", "*.tfstate.*", ".terraform/", ...workFolders],
  },
] as const;

/**
 * Adds to a folder's .gitignore what it lacks, and changes nothing else of it.
 * @returns the lines that were added
 * @throws UserError where it cannot be read or written.
 */
export function addIgnoredFiles(folder: string): readonly string[] {
  const file = join(folder, ".gitignore");
  const text = textOf(file);
  const known = new Set(text.split(/\r?\n/).map(bare));
  const missing = ignored
    .map(({ comment, lines }) => ({ comment, lines: lines.filter((line) => !known.has(bare(line))) }))
    .filter(({ lines }) => lines.length > 0);
  if (missing.length === 0) return [];
  const blocks = missing.map(({ comment, lines }) => `# ${comment}\n${lines.map((line) => `${line}\n`).join("")}`);
  const start = text === "" ? "" : text.endsWith("\n") ? "\n" : "\n\n";
  try {
    appendFileSync(file, start + blocks.join("\n"));
  } catch (error) {
    throw systemProblem(`${file} cannot be written`, error);
  }
  return missing.flatMap(({ lines }) => lines);
}

/** A pattern without what says where it holds: cdktf.out, /cdktf.out and cdktf.out/ leave out the same folder. */
const bare = (line: string): string => line.trim().replace(/^\/|\/$/g, "");

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw systemProblem(`${file} cannot be read`, error);
  }
}
