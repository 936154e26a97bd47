import type { Measured } from "./measure";

/** Prints the medians of what was measured in turn. */
export function print(title: string, results: Record<string, Measured>, runs: number): void {
  console.log(`\n${title}, median of ${runs} runs in turn`);
  for (const [name, { seconds, mebibytes }] of Object.entries(results)) {
    const memory = mebibytes === undefined ? "" : `${mebibytes.toFixed(0).padStart(6)} MiB`;
    console.log(`  ${name.padEnd(44)}${seconds.toFixed(2).padStart(7)} s${memory}`);
  }
}
