import { readFileSync } from "node:fs";
import { join } from "node:path";
import { files, project } from "./markdown";

const constructs = files.filter((file) => /^stacks\/([^/]+\/)*([^/]+-stack|constructs\/[^/]+)\.ts$/.test(file));
const read = (file: string): string => readFileSync(join(project, file), "utf8");

test.each(constructs)("%s says what each optional prop is without it", (file) => {
  const interfaces = read(file).matchAll(/^export interface \w+Props\b[^{]*\{\n([^]*?)^\}/gm);
  const silent = [...interfaces].flatMap(([, body = ""]) =>
    [...body.matchAll(/((?:^ +(?:\/\*\*|\*).*\n)*)^ +readonly (\w+)\?:/gm)]
      .filter(([, comment = ""]) => !comment.includes("@default "))
      .map(([, , name]) => name),
  );
  expect(silent).toEqual([]);
});

test.each(files.filter((file) => /^stacks\/.*-stack\.ts$/.test(file)))(
  "%s has an example, which is how main.ts makes it, and says what each prop is",
  (file) => {
    const text = read(file);
    const example = /^ \* @example\n \* (.+)\n \*\/\nexport class \w+Stack extends /m.exec(text)?.[1];
    expect(example).toBeDefined();
    expect(read("main.ts")).toContain(example);
    const [, body = ""] = /^export interface \w+Props\b[^{]*\{\n([^]*?)^\}/m.exec(text) ?? [];
    expect([...body.matchAll(/(?<!\*\/\n)^ +readonly (\w+)/gm)].map(([, name]) => name)).toEqual([]);
  },
);
