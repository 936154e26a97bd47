import {
  type Comparison,
  looks,
  measuredOnce,
  nodeCounts,
  type Scale,
  type Step,
  steps,
  summary,
  ways,
} from "./figures";
import { mebibytesText, secondsText } from "./wording";

const stepNames: Readonly<Record<Step, string>> = {
  first: "first run, until a host outside has an answer",
  again: "run again, nothing changed",
  drift: "a look for drift, nothing changed",
  undo: "the way back",
};

/** As wide as prettier makes it: words to the left, figures to the right. */
function markdownTable([header, ...rows]: readonly (readonly string[])[]): string {
  const all = [header ?? [], ...rows];
  const widths = (header ?? []).map((_, column) => Math.max(3, ...all.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]) => {
    const cells = row.map((cell, column) =>
      column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
    );
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`));
  return [line(header ?? []), `| ${rule.join(" | ")} |`, ...rows.map(line)].map((text) => `${text}\n`).join("");
}

/** Medians, in parentheses the fastest and the slowest. */
export function comparisonTable({ seconds }: Comparison): string {
  const cell = (values: readonly number[]) => {
    const { median, least, most } = summary(values);
    return `${secondsText(median)} (${secondsText(least).replace(" s", "")}–${secondsText(most).replace(" s", "")})`;
  };
  return markdownTable([
    ["a lab of two nodes", ...ways],
    ...steps.map((step) => [stepNames[step], ...ways.map((way) => cell(seconds[way][step]))]),
  ]);
}

/** Medians, and the peak of memory. */
export function scaleTable(scale: Scale): string {
  const [{ nodes }, once] = [scale, measuredOnce(scale)];
  return markdownTable([
    ["nodes", ...looks, "of drift, the logins"],
    ...nodeCounts.map((count) => [
      `${count.toLocaleString("en")}${once.includes(count) ? ", one run" : ""}`,
      ...looks.map((look) => {
        const { seconds, mebibytes } = nodes[count][look];
        return `${secondsText(summary(seconds).median)}, ${mebibytesText(mebibytes)}`;
      }),
      secondsText(summary(nodes[count].login.seconds).median),
    ]),
  ]);
}
