// test.js [JEST'S OPTIONS]: npm test. What it needs beside Node is installed first. Types, lint and format are checked, one
// after the other, beside jest; what they print comes when jest has ended. Exits with 1 where one of them failed. They
// remember in .cache/ what they have found good: a file that is the same needs no second look, and what ESLint forbids of
// imports shows in the file that has the import.
const { spawn } = require("node:child_process");

/** Runs a command; resolves to its exit status and what it printed, if that is not shown at once. */
const run = (command, words, stdio) =>
  new Promise((done) => {
    const child = spawn(command, words, { stdio });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => (output += text));
    child.on("error", (error) => done({ status: 1, output: String(error) }));
    child.on("close", (code) => done({ status: code ?? 1, output }));
  });

async function runChecks() {
  const results = [];
  for (const name of ["types", "lint", "format:check"]) {
    results.push({ name, ...(await run("npm", ["run", name], ["ignore", "pipe", "pipe"])) });
  }
  return results;
}

async function main() {
  // Before jest begins: it skips the tests of a shell that is not there yet.
  const { status: tools } = await run("sh", [".ci/install-tools"], "inherit");
  const jest = run(
    process.execPath,
    [require.resolve("jest/bin/jest"), "--config", "jest.rooms.config.js", ...process.argv.slice(2)],
    "inherit",
  );
  const [{ status }, checks] = await Promise.all([jest, runChecks()]);
  for (const { output } of checks) process.stderr.write(output);
  const results = [{ name: "install-tools", status: tools }, ...checks, { name: "jest", status }];
  const failed = results.filter((result) => result.status !== 0).map(({ name }) => name);
  console.error(failed.length === 0 ? "types, lint, format:check and jest passed" : `failed: ${failed.join(", ")}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}

main();
