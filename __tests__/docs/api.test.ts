import { readFileSync } from "node:fs";
import { join } from "node:path";
import { code, project } from "./markdown";

const read = (path: string): string => readFileSync(join(project, path), "utf8");

/** The names that index.ts exports. */
const exported = [...read("index.ts").matchAll(/^export (?:type )?\{([^}]+)\}/gm)].flatMap(([, names = ""]) =>
  names.split(",").map((name) => name.trim().replace(/^type /, "")),
);

test("docs/api.md has every export of index.ts", () => {
  expect(exported.length).toBeGreaterThan(25);
  const named = new Set(code(read("docs/api.md")));
  expect(exported.filter((name) => !named.has(name))).toEqual([]);
});

test("docs/api.md and the example of docs/own-repository.md name nothing that is not exported", () => {
  const rows = [...read("docs/api.md").matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((name) => name !== undefined && !exported.includes(name))).toEqual([]);
  const [, imported = ""] = /import \{([^}]+)\} from "baremetal-lb";/.exec(read("docs/own-repository.md")) ?? [];
  const names = imported.split(",").map((name) => name.trim());
  expect(names.filter((name) => name !== "" && !exported.includes(name))).toEqual([]);
  expect(names).toContain("synthesiseStacks");
});

test("what index.ts exports has a description, which an editor shows", () => {
  const missing = [...read("index.ts").matchAll(/^export (?:type )?\{([^}]+)\} from "\.\/(.+)";$/gm)].flatMap(
    ([, names = "", path]) => {
      const text = read(`${path}.ts`);
      return names
        .split(",")
        .map((name) => name.trim().replace(/^type /, ""))
        .filter((name) => !new RegExp(`\\*/\\nexport (class|interface|type|function|const) ${name}\\b`).test(text));
    },
  );
  expect(missing).toEqual([]);
});
