import type { DiffReport, DiffStatus, StackDiff } from "../day-two/diff";
import { block, cutError } from "./markdown";
import { colours } from "./terminal";

const colour: Readonly<Record<DiffStatus, (text: string) => string>> = {
  unchanged: colours.green,
  changes: colours.yellow,
  waits: colours.yellow,
  failed: colours.red,
};

/** For a person: each stack, and line by line what a deploy of it would do. */
export function diffText(report: DiffReport): string {
  const { stacks } = report;
  const width = Math.max(...stacks.map(({ stack }) => stack.length));
  const lines = stacks.flatMap((stack) => [
    `stack ${stack.stack.padEnd(width)}  ${colour[stack.status](inShort(stack))}`,
    ...details(stack).map((line) => `  ${line}`),
    ...(stack.url === undefined ? [] : [`  ${stack.url}`]),
  ]);
  return [...lines, conclusion(report), `Fingerprint: ${report.fingerprint}`].map((line) => `${line}\n`).join("");
}

/** Longest text of a comment that GitHub takes, but for what others add to it. */
const longestMarkdown = 60_000;
/** Lines of one stack that are shown, unless they are too many together. */
const shownAtMost = 200;
const longestLine = 400;

/** For a comment, an issue or a job summary. */
export function diffMarkdown(report: DiffReport): string {
  for (let lines = shownAtMost; ; lines = Math.floor(lines / 2)) {
    const text = markdown(report, lines);
    if (text.length <= longestMarkdown || lines === 0) return text;
  }
}

function markdown(report: DiffReport, lines: number): string {
  const list = report.stacks.map((stack) => `- **${stack.stack}**: ${inShort(stack)}${run(stack)}`);
  const parts = report.stacks
    .filter(({ status }) => status !== "unchanged")
    .map((stack) => `#### ${stack.stack}\n\n${block(firstOf(details(stack), lines))}`);
  const head = `### Cluster ${report.cluster}: ${conclusion(report)}`;
  return [head, "", ...list, "", ...parts, `Fingerprint: \`${report.fingerprint}\`\n`].join("\n");
}

function firstOf(all: readonly string[], atMost: number): string {
  const shown = all
    .slice(0, atMost)
    .map((line) => (line.length > longestLine ? `${line.slice(0, longestLine)}…` : line));
  const rest = all.length - shown.length;
  return [...shown, ...(rest > 0 ? [`… and ${rest} more lines, which the job's log has`] : [])].join("\n");
}

const run = ({ url }: StackDiff) => (url === undefined ? "" : ` ([run](${url}))`);

function inShort({ status, changes, consequences, nodes, waitsFor = [] }: StackDiff): string {
  if (status === "unchanged") return "nothing";
  if (status === "failed") return "could not be planned";
  if (status === "waits") return `waits for ${waitsFor.join(", ")}: planned when that is deployed`;
  const total = changes.length + consequences.length + nodes.reduce((sum, node) => sum + node.changes.length, 0);
  return total === 1 ? "1 change" : `${total} changes`;
}

/** What there is to say of a stack: its changes, what follows from them, and what happens on nodes, alike ones in one. */
function details({ changes, consequences, nodes, error }: StackDiff): string[] {
  if (error !== undefined) return cutError(error).split("\n");
  const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);
  const alike = new Map<string, string[]>();
  for (const { node, changes: ofNode } of nodes) {
    const key = ofNode.join("\n");
    alike.set(key, [...(alike.get(key) ?? []), node]);
  }
  return [
    ...changes,
    ...(consequences.length === 0 ? [] : ["and with that:", ...indented(consequences)]),
    ...[...alike].flatMap(([lines, names]) => [`${named(names)}:`, ...indented(lines.split("\n"))]),
  ];
}

const namedAtMost = 10;

function named(names: readonly string[]): string {
  const rest = names.length - namedAtMost;
  return names.slice(0, namedAtMost).join(", ") + (rest > 0 ? ` and ${rest} more nodes` : "");
}

function conclusion({ status, stacks }: DiffReport): string {
  if (status === "unchanged") return "nothing would change";
  const failed = stacks.filter((stack) => stack.status === "failed").map(({ stack }) => stack);
  if (failed.length > 0) return `${failed.join(", ")} could not be planned`;
  const changing = stacks.filter((stack) => stack.status !== "unchanged").length;
  return changing === 1 ? "1 stack would change" : `${changing} stacks would change`;
}
