import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { headingId } from "../../docs/heading-id";

/** The repository's folder. */
export const project = resolve(__dirname, "../..");

/** Folders that are no part of the repository: what programs make, and packages. */
const made = new Set([".cache", ".git", ".state", ".terraform", "cdktf.out", "coverage", "dist", "node_modules"]);

const below = (folder: string): string[] =>
  readdirSync(join(project, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}${entry.name}`;
    if (made.has(entry.name)) return [];
    return entry.isDirectory() ? below(`${path}/`) : [path];
  });

/** Every file of the repository, by its path from the root. */
export const files: readonly string[] = below("");

/** A document in Markdown. */
export interface MarkdownFile {
  /** From the repository's root. */
  readonly path: string;
  readonly text: string;
  /** Made by a program, as its second line says: nobody reads its source. */
  readonly generated: boolean;
}

/** What people read of this project: README, CONTRIBUTING and the like at the root, and all below docs/ and bench/. */
export const documents: readonly MarkdownFile[] = files
  .filter((path) => /^([A-Z]+|docs\/.*|bench\/.*|\.github\/.*)\.md$/.test(path))
  .map((path) => {
    const text = readFileSync(join(project, path), "utf8");
    return { path, text, generated: /^# .*\n\n<!-- Made by /.test(text) };
  });

/** A document's lines outside of fenced blocks, with their numbers from 1 on. */
export function prose(text: string): [line: string, number: number][] {
  let fenced = false;
  return text.split("\n").flatMap((line, index) => {
    if (/^\s*```/.test(line)) {
      fenced = !fenced;
      return [];
    }
    return fenced ? [] : [[line, index + 1] as [string, number]];
  });
}

/** What stands between backticks, and the lines of fenced blocks: commands, paths, values. */
export function code(text: string): string[] {
  const blocks = [...text.matchAll(/^\s*```.*\n([^]*?)^\s*```/gm)].flatMap(([, block = ""]) => block.split("\n"));
  const inline = prose(text)
    .map(([line]) => line)
    .join("\n")
    .matchAll(/`([^`]+)`/g);
  return [...blocks, ...[...inline].map(([, words = ""]) => words.replace(/\s+/g, " "))];
}

/** The ids that GitHub gives to a document's headings, in their order. */
export function headingIds(text: string): string[] {
  const seen = new Map<string, number>();
  return prose(text).flatMap(([line]) => {
    const title = /^#{1,6} (.+)$/.exec(line)?.[1];
    if (title === undefined) return [];
    const id = headingId(title);
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before === 0 ? [id] : [`${id}-${before}`];
  });
}
