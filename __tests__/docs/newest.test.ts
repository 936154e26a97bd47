import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { dependencies, devDependencies } from "../../package.json";
import { project } from "./markdown";

// What the bot proposes, and what the weekly workflow tries before it: both go by one list.

interface Update {
  readonly "package-ecosystem": string;
  readonly groups: Readonly<Record<string, { readonly patterns?: readonly string[] }>>;
  readonly ignore?: readonly { readonly "dependency-name": string }[];
}

const { updates } = parse(readFileSync(join(project, ".github/dependabot.yml"), "utf8")) as { updates: Update[] };
const npm = updates.find((update) => update["package-ecosystem"] === "npm");
const { groups = {}, ignore = [] } = npm ?? {};
const packages = Object.keys({ ...dependencies, ...devDependencies });

const matches = (pattern: string) => (name: string) =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;

test("every name that the bot is told is one of a package", () => {
  const patterns = [
    ...Object.values(groups).flatMap((group) => group.patterns ?? []),
    ...ignore.map((one) => one["dependency-name"]),
  ];
  expect(patterns.length).toBeGreaterThan(8);
  expect(patterns.filter((pattern) => !packages.some(matches(pattern)))).toEqual([]);
});

test("types come together with what they describe, and tools with their parts", () => {
  const groupOf = (name: string) =>
    Object.keys(groups).find((group) => groups[group]?.patterns?.some((pattern) => matches(pattern)(name)));
  const described = (name: string) => name.replace(/^@types\//, "");
  const types = packages.filter((name) => name !== described(name) && packages.includes(described(name)));
  const parts = packages.filter((name) => /^@(jest|eslint|swc)\//.test(name));
  const families = [
    ...types.map((name) => [name, described(name)]),
    ...parts.map((name) => [name, name.startsWith("@eslint") ? "eslint" : "jest"]),
  ] as [string, string][];
  expect(families.length).toBeGreaterThan(5);
  expect(families.filter(([name, other]) => groupOf(name) === undefined || groupOf(name) !== groupOf(other))).toEqual(
    [],
  );
});

test("the newest of everything is tried, but for what the bot ignores, whose majors or all versions stay", () => {
  const words = execFileSync("node", [join(project, ".ci/newest.js")], { encoding: "utf8" })
    .trim()
    .split(" ");
  const archived = packages.filter((name) => /^(cdktf|cdktf-cli|constructs|@cdktf\/.*)$/.test(name));
  expect(archived).toHaveLength(7);
  const versions: Readonly<Record<string, string>> = { ...dependencies, ...devDependencies };
  const majorsStay = ["@kubernetes/client-node", "@types/node", "ajv", "commander", "ora", "p-limit", "typescript"];
  expect(words.sort()).toEqual(
    packages
      .filter((name) => !archived.includes(name))
      .map((name) => `${name}@${majorsStay.includes(name) ? `^${versions[name]}` : "latest"}`)
      .sort(),
  );
});
