const { mkdirSync, readdirSync, rmSync, writeFileSync } = require("node:fs");
const { availableParallelism } = require("node:os");
const { dirname, join, relative } = require("node:path");
const config = require("./jest.config.js");

// npm test: the tests of a room run as one file. What they share, such as CDKTF, its providers and zod, is then loaded once
// for a room and not once for each of its files. Those of scripts load little of it and take longest: a file for each
// folder of theirs. One file by itself: npx jest FILE.

const tests = join(__dirname, "__tests__");
const suites = join(__dirname, ".cache/suites");
const others = config.testPathIgnorePatterns.map((pattern) => new RegExp(pattern.replace("<rootDir>", __dirname)));

/** "stacks" for stacks/metallb/pools; "stacks-metallb-scripts" for stacks/metallb/scripts. */
const suiteOf = (folder) => {
  const words = folder === "." ? ["top"] : folder.split("/");
  return (words.includes("scripts") ? words : words.slice(0, 1)).join("-");
};

const filesOf = {};
for (const name of readdirSync(tests, { recursive: true }).sort()) {
  const file = join(tests, name);
  if (file.endsWith(".test.ts") && !others.some((pattern) => pattern.test(file)))
    (filesOf[suiteOf(dirname(name))] ??= []).push(file);
}

/** Each file in a block of its own, so that its hooks stay its own. */
const suite = (files) =>
  files
    .map((file) => `describe("${relative(tests, file)}", () => void require("${relative(suites, file)}"));\n`)
    .join("");

rmSync(suites, { recursive: true, force: true });
mkdirSync(suites, { recursive: true });
for (const [name, files] of Object.entries(filesOf)) writeFileSync(join(suites, `${name}.test.js`), suite(files));

/** @type {import("jest").Config} */
module.exports = {
  ...config,
  testMatch: ["<rootDir>/.cache/suites/*.test.js"],
  testPathIgnorePatterns: ["/node_modules/"],
  // Two for each core: half of the time they wait for the programs that they start.
  maxWorkers: 2 * availableParallelism(),
  // Looked up in jest's sandbox, they take up to a hundred times as long. Those that packages name anew in a file, such as
  // Error, cannot be here.
  sandboxInjectedGlobals: ["Array", "JSON", "Map", "Math", "Object", "Set", "isNaN", "parseInt"],
};
