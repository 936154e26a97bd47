import { removed } from "./redaction";
import type { GatheredPart } from "./part";

/** What a report says of itself. */
export interface Contents {
  /** The cluster's name, or the file that should have it. */
  readonly cluster: string;
  readonly made: Date;
  readonly version: string;
  readonly parts: readonly GatheredPart[];
  /** How many values were known to be secret. */
  readonly knownSecrets: number;
  /** What of the secrets could not be known. */
  readonly notes: readonly string[];
}

/** What failed, with its reason, by the files in which it says so. */
export const failures = (parts: readonly GatheredPart[]): { readonly name: string; readonly problem: string }[] =>
  parts.flatMap(({ files }) =>
    files.flatMap(({ name, problem }) => (problem === undefined ? [] : [{ name, problem }])),
  );

/** The list of what is inside, as Markdown. */
export function contentsText({ cluster, made, version, parts, knownSecrets, notes }: Contents): string {
  const failed = failures(parts);
  const list = parts.map(({ name, what, files }) => {
    const there = files.filter(({ problem }) => problem === undefined).length;
    const count = name.endsWith("/") ? ` (${there === 1 ? "1 file" : `${there} files`})` : "";
    return `- ${name}: ${there === 0 && files.length > 0 ? "failed, see below" : `${what}${count}`}`;
  });
  return [
    `# Report of ${cluster}`,
    "",
    `Made on ${made.toISOString().slice(0, 19).replace("T", " ")} UTC by baremetal-lb ${version}, which changed nothing for it.`,
    "",
    ...list,
    "",
    ...(failed.length === 0
      ? []
      : [
          "Not in it, each with its reason:",
          "",
          ...failed.map(({ name, problem }) => `- ${name}: ${indented(problem)}`),
          "",
        ]),
    `Secrets are taken out, and ${removed} stands in their place: ${knownSecrets} values that were known, in any form, and what looks`,
    "like one. Names and addresses of nodes, Services and namespaces are in it. Look through it before you hand it on.",
    ...notes.map((note) => `\n- ${note}`),
    "",
  ].join("\n");
}

const indented = (text: string): string => text.trim().replaceAll("\n", "\n  ");
