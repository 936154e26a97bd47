const { mkdirSync, readdirSync, rmSync, writeFileSync } = require("node:fs");
const { dirname, join, relative } = require("node:path");
const config = require("./jest.config.js");

// npm test: the tests of a folder run as one file. What they share, such as CDKTF, its providers and zod, is then loaded
// once for a folder and not once for each of its files. One file by itself: npx jest FILE.

const tests = join(__dirname, "__tests__");
const suites = join(__dirname, ".cache/suites");
const others = config.testPathIgnorePatterns.map((pattern) => new RegExp(pattern.replace("<rootDir>", __dirname)));

const filesOf = {};
for (const name of readdirSync(tests, { recursive: true }).sort()) {
  const file = join(tests, name);
  if (file.endsWith(".test.ts") && !others.some((pattern) => pattern.test(file)))
    (filesOf[dirname(name)] ??= []).push(file);
}

/** Each file in a block of its own, so that its hooks stay its own. */
const suite = (files) =>
  files
    .map((file) => `describe("${relative(tests, file)}", () => void require("${relative(suites, file)}"));\n`)
    .join("");

rmSync(suites, { recursive: true, force: true });
mkdirSync(suites, { recursive: true });
for (const [folder, files] of Object.entries(filesOf)) {
  writeFileSync(join(suites, `${folder === "." ? "top" : folder.replaceAll("/", "-")}.test.js`), suite(files));
}

/** @type {import("jest").Config} */
module.exports = {
  ...config,
  testMatch: ["<rootDir>/.cache/suites/*.test.js"],
  testPathIgnorePatterns: ["/node_modules/"],
};
