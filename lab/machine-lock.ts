import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  rmdirSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { LabError } from "./lab-error";
import type { Lab } from "./lab-settings";
import { describeProcess, isRunning, type ProcessRecord } from "./process-record";

// The namespaces' names exist once on a machine, and so do these files, whichever folder a lab has.
const defaultPlace = "/run/baremetal-lb-lab";

/** Refuses a second command that changes the lab while one runs. Gives the function that lets go of it. */
export function lockMachine(what: string, place = defaultPlace): () => void {
  mkdirSync(place, { recursive: true, mode: 0o700 });
  const file = join(place, "lock.json");
  const own = describeProcess(what, process.pid);
  for (;;) {
    try {
      const descriptor = openSync(file, "wx", 0o600);
      writeSync(descriptor, JSON.stringify(own));
      closeSync(descriptor);
      const release = () => {
        rmSync(file, { force: true });
        removeIfEmpty(place);
      };
      process.once("exit", release);
      return () => {
        process.off("exit", release);
        release();
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
    const holder = readHolder(file);
    // Held by this process already: one command made of others.
    if (holder !== undefined && holder.pid === own.pid && holder.startTime === own.startTime) return () => undefined;
    if (holder !== undefined && isRunning(holder)) {
      throw new LabError(
        `the lab is busy: process ${holder.pid} runs "${holder.name}". Wait for it, or end it with Ctrl-C where it runs.`,
      );
    }
    rmSync(file, { force: true });
  }
}

function readHolder(file: string): ProcessRecord | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as ProcessRecord;
  } catch {
    return undefined;
  }
}

/** Refuses while a lab of another folder is up. */
export function checkClaim(lab: Lab, place = defaultPlace): void {
  const file = join(place, "folder");
  const owner = existsSync(file) ? readFileSync(file, "utf8") : lab.folder;
  if (owner !== lab.folder) {
    throw new LabError(
      `a lab from ${owner} is up on this machine, and only one can be. Stop it first: LAB_DIR=${owner} npm run lab -- down`,
    );
  }
}

/** Takes the machine for this lab's folder until it is released. */
export function claimMachine(lab: Lab, place = defaultPlace): void {
  checkClaim(lab, place);
  mkdirSync(place, { recursive: true, mode: 0o700 });
  writeFileSync(join(place, "folder"), lab.folder);
}

export function releaseMachine(place = defaultPlace): void {
  rmSync(join(place, "folder"), { force: true });
}

function removeIfEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // A lab is up.
  }
}
