// newest.js: the packages of package.json that npm is to install, as words for it: the newest of each, but for what
// .github/dependabot.yml ignores. Of a package whose majors alone are ignored it is the newest of today's.
const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { parse } = require("yaml");
const { dependencies, devDependencies } = require("../package.json");

const { updates } = parse(readFileSync(join(__dirname, "../.github/dependabot.yml"), "utf8"));
const { ignore } = updates.find((update) => update["package-ecosystem"] === "npm");

const matches = (pattern, name) => (pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern);

function newest([name, version]) {
  const rule = ignore.find((one) => matches(one["dependency-name"], name));
  if (rule === undefined) return [`${name}@latest`];
  return rule["update-types"] === undefined ? [] : [`${name}@^${version}`];
}

console.log(
  Object.entries({ ...dependencies, ...devDependencies })
    .flatMap(newest)
    .join(" "),
);
