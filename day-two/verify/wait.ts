import { setTimeout as sleep } from "node:timers/promises";

/** The work was interrupted by the user. */
export class Interrupted extends Error {
  constructor() {
    super("interrupted");
  }
}

/**
 * Asks once a second until there is an answer; undefined when the time is up.
 * @throws Interrupted as soon as the signal says so.
 */
export async function waitUntil<T>(
  seconds: number,
  ask: () => Promise<T | undefined>,
  signal?: AbortSignal,
): Promise<T | undefined> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    if (signal?.aborted) throw new Interrupted();
    const answer = await ask();
    if (answer !== undefined || Date.now() >= end) return answer;
    await sleep(1000, undefined, { signal }).catch(() => undefined);
  }
}
