import { apiProblem } from "../../remote/kubernetes/connect";

/** skipped: it could not be asked here, or does not apply; the text says why. Only `failed` makes the whole fail. */
export type CheckStatus = "passed" | "failed" | "skipped";

/** One thing that is to hold, and what was found. */
export interface Check {
  /** What is checked, the same in every version: "node.ssh", "metallb.speaker". With `place` it is unique. */
  readonly id: string;
  /** A node's name, an object as namespace/name, or "cluster". */
  readonly place: string;
  readonly status: CheckStatus;
  /** What was found, in words that name the place: "node2: module ip_vs_wrr is not loaded". */
  readonly text: string;
  /** What mends it, where that is known: a command, or a sentence. */
  readonly remedy?: string;
}

/** Whether a cluster works as its configuration declares it. */
export interface VerifyReport {
  readonly cluster: string;
  /** Whether no check failed. */
  readonly passed: boolean;
  readonly checks: readonly Check[];
}

/** The command that repairs what differs from the configuration. */
export const heal = "npx baremetal-lb heal";

export const passed = (id: string, place: string, text: string): Check => ({ id, place, status: "passed", text });

export const skipped = (id: string, place: string, text: string): Check => ({ id, place, status: "skipped", text });

export const failed = (id: string, place: string, text: string, remedy?: string): Check => ({
  id,
  place,
  status: "failed",
  text,
  ...(remedy === undefined ? {} : { remedy }),
});

export const hasFailed = (checks: readonly Check[]): boolean => checks.some(({ status }) => status === "failed");

/** Passed where there is no problem, else failed with it. */
export const without = (
  problem: string | undefined,
  { id, place, text, remedy }: { id: string; place: string; text: string; remedy?: string },
): Check => (problem === undefined ? passed(id, place, text) : failed(id, place, problem, remedy));

/** Looks at one part; what cannot be read is a failed check of that part, and the other parts go on. */
export async function look(
  id: string,
  place: string,
  work: () => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  try {
    return await work();
  } catch (error) {
    return [failed(id, place, `${place} cannot be looked at: ${apiProblem(error)}`)];
  }
}

/** The object, or undefined where the API answers 404. */
export async function ifExists<T>(request: Promise<T>): Promise<T | undefined> {
  try {
    return await request;
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) return undefined;
    throw error;
  }
}

/** "node1", "node1 and node2", "none" */
export function list(names: readonly string[]): string {
  if (names.length < 2) return names[0] ?? "none";
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
