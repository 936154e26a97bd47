import { idOf, sections } from "../faults";
import { type Location, locations } from "./locations";
import type { Row, Section } from "./row";

const head = `# Faults

<!-- Made by \`npm run faults\` from __tests__/faults; a test holds it. -->

What goes wrong, and what a user then gets. A test of each row fails without it; its title begins with the row's id, so
\`npx jest -t fault-17\` runs the tests of one. Those in the real Terraform run with \`npm run test:terraform\`, those in the
lab with \`npm run test:lab\`: [the lab](lab.md).
`;

const link = ({ path }: Location): string => `[${path.replace(/^.*\//, "")}](../${path})`;

/** "unit: a, b; lab: c". */
function tests(found: readonly Location[]): string {
  const kinds = [...new Set(found.map(({ kind }) => kind))];
  return kinds
    .map(
      (kind) =>
        `${kind}: ${found
          .filter((one) => one.kind === kind)
          .map(link)
          .join(", ")}`,
    )
    .join("; ");
}

function line(row: Row, found: readonly Location[]): string {
  const gets = row.note === undefined ? row.gets : `${row.gets} (${row.note})`;
  return `| ${[idOf(row), row.fault, gets, tests(found) || "not yet"].join(" | ")} |\n`;
}

function sectionText({ title, rows }: Section, found: ReadonlyMap<number, readonly Location[]>): string {
  const lines = rows.map((row) => line(row, found.get(row.number) ?? []));
  return `\n## ${title}\n\n| id | fault | what the user gets | tested in |\n| --- | --- | --- | --- |\n${lines.join("")}`;
}

/** docs/faults.md as it should be. */
export function faultsDocument(): string {
  const found = locations();
  return head + sections.map((section) => sectionText(section, found)).join("");
}

if (require.main === module) process.stdout.write(faultsDocument());
