import { z } from "zod";

/** A key that people bring along from another program's file. */
export interface ForeignKey {
  /** A whole instruction. */
  readonly remedy: string;
  /** The key that takes its value as it is. @default none */
  readonly meant?: string;
}

/** For the schema of a mapping: keys that it does not have, by what they are called elsewhere. */
export const foreignKeys = z.registry<Readonly<Record<string, ForeignKey>>>();
