import type { ChildProcess } from "node:child_process";
import { rmSync } from "node:fs";
import { constants } from "node:os";

// What SIGTERM and SIGHUP end: a supervisor's stop, a terminal that is closed. Node would end at once, Terraform would go
// on without anybody who reads its answer, and plans, keys and import files would be left.

const children = new Set<ChildProcess>();
const folders = new Set<string>();
const undoing = new Set<() => Promise<unknown>>();
const signals = ["SIGTERM", "SIGHUP"] as const;

/** Tells a program to end in good order when this process is told to end; that waits for it. */
export function endedWithUs<Child extends ChildProcess>(child: Child): Child {
  children.add(child);
  child.once("close", () => children.delete(child));
  child.once("error", () => children.delete(child));
  listen();
  return child;
}

/** Removes a folder when this process is told to end, until the function that it gives is called. */
export function removedWithUs(folder: string): () => void {
  folders.add(folder);
  listen();
  return () => void folders.delete(folder);
}

/**
 * Takes back what is on a server when this process is told to end, until the function that it gives is called. It is done
 * after the programs have ended, has to have a bound of its own, and whether it succeeds is nobody's matter any more.
 */
export function undoneWithUs(undo: () => Promise<unknown>): () => void {
  undoing.add(undo);
  listen();
  return () => void undoing.delete(undo);
}

let listening = false;
function listen(): void {
  if (listening) return;
  listening = true;
  for (const signal of signals) process.once(signal, () => end(signal));
}

function end(signal: (typeof signals)[number]): void {
  // A second signal is no reason to leave anything behind.
  for (const each of signals) process.on(each, () => undefined);
  const finish = async () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    // At once, where it can be: whoever waited for the programs would go on.
    if (undoing.size > 0) await Promise.allSettled([...undoing].map((undo) => undo()));
    process.exit(128 + constants.signals[signal]);
  };
  if (children.size === 0) void finish();
  for (const child of children) {
    child.once("close", () => {
      if (children.size === 0) void finish();
    });
    // Terraform then lets go of the state's lock.
    child.kill("SIGINT");
  }
}
