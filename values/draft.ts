import type { AddressRange } from "./address-ranges";
import type { Path } from "./problem";

/**
 * A value of which any part may be missing: what can be used of a file that may have mistakes. What is read out of one
 * text is there whole, or not at all.
 */
export type Draft<T> = T extends AddressRange
  ? T
  : T extends readonly (infer Item)[]
    ? readonly (Draft<Item> | undefined)[]
    : T extends object
      ? { readonly [Key in keyof T]?: Draft<T[Key]> }
      : T;

/** Whether the file has anything at a path, valid or not. What is not valid is missing in the draft. */
export type IsGiven = (path: Path) => boolean;
