/** Where and with what figures were measured. */
export interface Circumstances {
  /** "2026-11-26" */
  readonly date: string;
  /** "2 processors, 23 GiB, Example CPU" */
  readonly machine: string;
  /** By program: { Node.js: "20.20.0" } */
  readonly versions: Readonly<Record<string, string>>;
}

export const ways = ["by hand", "Ansible", "this project"] as const;
export type Way = (typeof ways)[number];

/** What is timed of each way, in this order. */
export const steps = ["first", "again", "drift", "undo"] as const;
export type Step = (typeof steps)[number];

/** Every run, in seconds; the figures of one round stand at the same place of each list. */
export interface Comparison extends Circumstances {
  readonly seconds: Readonly<Record<Way, Readonly<Record<Step, readonly number[]>>>>;
}

export const looks = ["synth", "plan", "drift"] as const;
export type Look = (typeof looks)[number];
export const nodeCounts = [10, 100, 1000] as const;
export type NodeCount = (typeof nodeCounts)[number];

export interface Cost {
  /** Every run. */
  readonly seconds: readonly number[];
  /** Peak of the process and all that it starts, of one more run, or of the one. */
  readonly mebibytes: number;
}

export interface Scale extends Circumstances {
  readonly nodes: Readonly<Record<NodeCount, Readonly<Record<Look | "login", Cost>>>>;
}

/** The numbers of nodes that were measured once, where the others were several times. */
export const measuredOnce = ({ nodes }: Scale): NodeCount[] =>
  nodeCounts.filter((count) => looks.every((look) => nodes[count][look].seconds.length === 1));

export interface Summary {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** @throws Error where there is no value. */
export function summary(values: readonly number[]): Summary {
  const sorted = [...values].sort((a, b) => a - b);
  const [least, median, most] = [sorted[0], sorted[Math.floor(sorted.length / 2)], sorted.at(-1)];
  if (least === undefined || median === undefined || most === undefined) throw new Error("no run was measured");
  return { median, least, most };
}
