import { readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { chart } from "./chart";
import type { Circumstances, Comparison, Scale } from "./figures";
import { comparisonTable, scaleTable } from "./tables";

// Draws docs/pictures/bench.svg from the raw figures, and prints the tables, for README.md and bench/README.md.
//   npm run bench:render          after bench:compare and bench:scale

const figures = <T>(name: string) => JSON.parse(readFileSync(join(__dirname, "figures", name), "utf8")) as T;
const comparison = figures<Comparison>("compare.json");
const scale = figures<Scale>("scale.json");
const about = ({ date, machine, versions }: Circumstances) =>
  `${date}, ${machine}; ${Object.entries(versions)
    .map(([program, version]) => `${program} ${version}`)
    .join(", ")}\n`;

writeFileSync(resolve(__dirname, "../docs/pictures/bench.svg"), chart(comparison, scale));
console.log([about(comparison), comparisonTable(comparison), about(scale), scaleTable(scale)].join("\n"));
