/** What a value of the schema should have been, and how to mend it. */
export interface Explanation {
  /** Completes "expected …". */
  readonly expected: string;
  /** A whole instruction: "write …", "remove …". */
  readonly remedy: string;
}

const separator = "\n";

/** The two texts as one zod error message, which is the only thing that zod carries from a schema to its issues. */
export function explain(expected: string, remedy: string): string {
  return expected + separator + remedy;
}

/** Takes a message made by `explain` apart. */
export function explanation(message: string): Explanation {
  const [expected = "", remedy = ""] = message.split(separator);
  return { expected, remedy };
}
