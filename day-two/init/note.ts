import type { Path } from "../../values/problem";

/** What a person has to look at, or what cluster.yaml cannot say: a comment in the file, and a line on the terminal. */
export interface Note {
  /** What it stands above in the file. */
  readonly path: Path;
  /** One sentence or more. */
  readonly text: string;
  /** true: the comment alone. @default the terminal has it, too */
  readonly quiet?: boolean;
}

/** A part of cluster.yaml as it is to be written, with what is to be said of it. */
export interface Written<Value> {
  readonly value: Value;
  readonly notes: readonly Note[];
}

/** A part of cluster.yaml before anything of it is checked. */
export type Mapping = Readonly<Record<string, unknown>>;

/** Without the keys that are undefined. */
export const given = (mapping: Mapping): Mapping =>
  Object.fromEntries(Object.entries(mapping).filter(([, value]) => value !== undefined));
