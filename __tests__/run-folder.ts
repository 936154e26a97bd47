import { mkdirSync, mkdtempSync } from "node:fs";
import { join, resolve } from "node:path";

const variable = "BAREMETAL_LB_TEST_RUN";

/** Before all tests: a folder for what they share. Below the project, so that programs in it find the packages. */
export default function makeRunFolder(): void {
  const cache = resolve(__dirname, "../.cache");
  mkdirSync(cache, { recursive: true });
  process.env[variable] = mkdtempSync(join(cache, "run-"));
}

/** The folder of this run, which remove-run-folder.ts removes after it. */
export function runFolder(): string {
  const folder = process.env[variable];
  if (folder === undefined)
    throw new Error(`${variable} is not set: a globalSetup of jest's configuration makes the folder`);
  return folder;
}
