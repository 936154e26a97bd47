import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Comparison, Scale } from "./figures";

interface Figures {
  readonly compare: Comparison;
  readonly scale: Scale;
}

const folder = join(__dirname, "figures");
const fileOf = (name: keyof Figures) => join(folder, `${name}.json`);

export function saveFigures<Name extends keyof Figures>(name: Name, figures: Figures[Name]): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(fileOf(name), `${JSON.stringify(figures, null, 2)}\n`);
}

/** @throws Error where nothing was measured yet. */
export const savedFigures = <Name extends keyof Figures>(name: Name): Figures[Name] =>
  JSON.parse(readFileSync(fileOf(name), "utf8"));
