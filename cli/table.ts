import Table from "cli-table3";

const parts = ["top", "bottom", "left", "right", "mid"] as const;
const ends = ["", "-mid", "-left", "-right"] as const;
const noBorder = Object.fromEntries(parts.flatMap((part) => ends.map((end) => [part + end, ""])));

/** Rows of cells as lines of text, each column as wide as its widest cell. Colours take no width. */
export function table(rows: readonly (readonly string[])[]): string {
  const drawn = new Table({
    chars: { ...noBorder, middle: "  " },
    style: { head: [], border: [], compact: true, "padding-left": 0, "padding-right": 0 },
  });
  drawn.push(...rows.map((row) => [...row]));
  return drawn
    .toString()
    .split("\n")
    .map((line) => `${line.trimEnd()}\n`)
    .join("");
}
