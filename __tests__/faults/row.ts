/** A fault, and what this project promises a user who meets it. */
export interface Row {
  readonly number: number;
  /** Names the row in test titles and file names, in kebab-case. A slug that was published stays. */
  readonly slug: string;
  readonly fault: string;
  /** What the user gets; every part of it has a test. */
  readonly gets: string;
  /** Where the promise has a limit that comes from outside of this project. */
  readonly note?: string;
}

export interface Section {
  readonly title: string;
  readonly rows: readonly Row[];
}
