import { idOf, sections } from "../faults";
import { type Location, locations } from "./locations";
import type { Row, Section } from "./row";

const head = `# Faults

<!-- Made by \`npm run faults\` from __tests__/faults; a test holds it. -->

What goes wrong, and what a user then gets. A test of each row fails without it; its title begins with the row's id, so
\`npx jest -t fault-17\` runs the tests of one. Those in the real Terraform run with \`npm run test:terraform\`, those that
need npm's registry with \`npm run test:registry\`, those in the lab with \`npm run test:lab\`: [the lab](lab.md).
`;

const link = ({ path }: Location): string => `[${path.replace(/^.*\//, "")}](../${path})`;

/** "unit: a, b; lab: c". */
function tests(found: readonly Location[]): string {
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  const ofKind = (kind: string) => found.filter((one) => one.kind === kind).map(link);
  return kinds.map((kind) => `${kind}: ${ofKind(kind).join(", ")}`).join("; ");
}

/** Broken at spaces, so that it can be read without a renderer; the lines after the first are indented. */
function wrapped(text: string, indent = ""): string {
  const lines = text.split(" ").reduce<string[]>((lines, word) => {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= 120) return [...lines.slice(0, -1), `${last} ${word}`];
    return [...lines, last === undefined ? word : indent + word];
  }, []);
  return `${lines.join("\n")}\n`;
}

/** Names such as kube-proxy stay small. */
const sentence = (text: string): string =>
  `${text.replace(/^[a-z]+(?=[ ,])/, (word) => word.charAt(0).toUpperCase() + word.slice(1))}.`;

function entry(row: Row, found: readonly Location[]): string {
  const gets = row.note === undefined ? row.gets : `${row.gets} (${row.note})`;
  return [
    `\n### ${idOf(row)}\n\n`,
    wrapped(sentence(row.fault)),
    "\n",
    wrapped(`- What you get: ${gets}`, "  "),
    wrapped(`- Tests, ${tests(found) || "not yet"}`, "  "),
  ].join("");
}

const sectionText = ({ title, rows }: Section, found: ReadonlyMap<number, readonly Location[]>): string =>
  `\n## ${title}\n${rows.map((row) => entry(row, found.get(row.number) ?? [])).join("")}`;

/** docs/faults.md as it should be. */
export function faultsDocument(): string {
  const found = locations();
  return head + sections.map((section) => sectionText(section, found)).join("");
}

if (require.main === module) process.stdout.write(faultsDocument());
