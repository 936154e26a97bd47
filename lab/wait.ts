import { LabError } from "./lab-error";

export interface Wait {
  /** What is waited for, as the error names it. */
  readonly what: string;
  readonly timeoutSeconds: number;
  readonly intervalSeconds?: number;
  /** What was seen last, for the error. */
  readonly seen?: () => string;
}

export function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * 1000));
}

/** Asks until there is an answer other than undefined, within its time. */
export async function waitFor<T>(wait: Wait, ask: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const end = Date.now() + wait.timeoutSeconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() >= end) {
      const seen = wait.seen?.() ?? "";
      throw new LabError(
        `waited ${wait.timeoutSeconds} s in vain for ${wait.what}${seen === "" ? "" : `\n    last seen: ${seen}`}`,
      );
    }
    await sleep(wait.intervalSeconds ?? 0.5);
  }
}
