import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { chart } from "./chart";
import type { Circumstances } from "./figures";
import { savedFigures } from "./figures-file";
import { comparisonTable, scaleTable } from "./tables";

// Draws docs/pictures/bench.svg from the raw figures, and prints the tables, for README.md and bench/README.md.
//   npm run bench:render          after bench:compare and bench:scale

const [comparison, scale] = [savedFigures("compare"), savedFigures("scale")];
const about = ({ date, machine, versions }: Circumstances) =>
  `${date}, ${machine}; ${Object.entries(versions)
    .map(([program, version]) => `${program} ${version}`)
    .join(", ")}\n`;

writeFileSync(resolve(__dirname, "../docs/pictures/bench.svg"), chart(comparison, scale));
console.log([about(comparison), comparisonTable(comparison), about(scale), scaleTable(scale)].join("\n"));
