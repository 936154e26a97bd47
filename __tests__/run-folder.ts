import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

const variable = "BAREMETAL_LB_TEST_RUN";
const memory = "/dev/shm";
const prefix = join(memory, "baremetal-lb-test-");

/**
 * Before all tests: a folder for what they share, below the project, so that programs in it find the packages. What a test
 * makes for itself, such as the files of a fake node, is in memory where this machine lets programs run from there.
 */
export default function makeRunFolder(): void {
  const cache = resolve(__dirname, "../.cache");
  mkdirSync(cache, { recursive: true });
  process.env[variable] = mkdtempSync(join(cache, "run-"));
  if (!hasRoomForPrograms(memory)) return;
  process.env["TMPDIR"] = mkdtempSync(prefix);
  // As /tmp: some tests become another user.
  chmodSync(process.env["TMPDIR"], 0o1777);
}

/** Containers often have a small one, and none from which programs run. */
function hasRoomForPrograms(folder: string): boolean {
  const program = join(folder, `baremetal-lb-${process.pid}`);
  try {
    writeFileSync(program, "#!/bin/sh\n", { mode: 0o700 });
    const { bavail, bsize } = statfsSync(folder);
    return spawnSync(program).status === 0 && bavail * bsize >= 2 ** 30;
  } catch {
    return false;
  } finally {
    rmSync(program, { force: true });
  }
}

/** The folder of this run. */
export function runFolder(): string {
  const folder = process.env[variable];
  if (folder === undefined)
    throw new Error(`${variable} is not set: a globalSetup of jest's configuration makes the folder`);
  return folder;
}

/** After all tests. */
export function removeRunFolder(): void {
  rmSync(runFolder(), { recursive: true, force: true });
  const scratch = process.env["TMPDIR"];
  if (scratch?.startsWith(prefix)) rmSync(scratch, { recursive: true, force: true });
}
