// tally.js FOLDER FAILED_STEPS: adds up the results that jest wrote to FOLDER, and prints them as one line.
const { readdirSync, readFileSync } = require("node:fs");
const { join } = require("node:path");

const [folder, failedSteps] = [process.argv[2], Number(process.argv[3])];
let [passed, failed, skipped] = [0, 0, 0];
for (const file of readdirSync(folder)) {
  const result = JSON.parse(readFileSync(join(folder, file), "utf8"));
  passed += result.numPassedTests;
  failed += result.numFailedTests + result.numRuntimeErrorTestSuites;
  skipped += result.numPendingTests + result.numTodoTests;
}
// A step may fail without a test that failed: types, lint, format.
failed = Math.max(failed, failedSteps);
console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
