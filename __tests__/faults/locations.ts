import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const project = resolve(__dirname, "../..");

/** What a test runs against. */
export type Kind = "unit" | "real shell" | "real Terraform" | "npm's registry" | "lab";

/** A test file that has a test of a row. */
export interface Location {
  readonly kind: Kind;
  /** From the project's folder, with slashes. */
  readonly path: string;
}

const kindOf = (path: string): Kind => {
  if (/^__tests__\/lab\/(core|matrix)\//.test(path)) return "lab";
  if (path.startsWith("__tests__/terraform/")) return "real Terraform";
  if (path.startsWith("__tests__/registry/")) return "npm's registry";
  return path.includes("/scripts/") ? "real shell" : "unit";
};

/** The numbers of the rows that a test's source names: fault(17), and not a comment's. */
export const faultsIn = (source: string): Set<number> =>
  new Set([...source.matchAll(/\$\{fault\((\d+)\)\}/g)].map(([, number]) => Number(number)));

/** The test files of each row, by the row's number, in the order of their paths. */
export function locations(): ReadonlyMap<number, readonly Location[]> {
  const found = new Map<number, Location[]>();
  const files = readdirSync(join(project, "__tests__"), { recursive: true, encoding: "utf8" });
  for (const file of files.filter((name) => name.endsWith(".test.ts")).sort()) {
    const path = `__tests__/${file.replaceAll("\\", "/")}`;
    for (const number of faultsIn(readFileSync(join(project, path), "utf8"))) {
      found.set(number, [...(found.get(number) ?? []), { kind: kindOf(path), path }]);
    }
  }
  return found;
}
