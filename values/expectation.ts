/** What a value of the schema should have been, and how to mend it. */
export interface Expectation {
  /** Completes "expected …". */
  readonly expected: string;
  /** A whole instruction: "write …", "remove …". */
  readonly remedy: string;
  /** What the value stands in, for a message that names it: "pool". @default the value is shown alone */
  readonly within?: string;
}

const separator = "\n";

/** The texts of an expectation as one zod error message, which is what zod carries from a schema to its issues. */
export function expectation(expected: string, remedy: string, within?: string): string {
  return [expected, remedy, ...(within === undefined ? [] : [within])].join(separator);
}

/** Takes a message made by `expectation` apart. */
export function readExpectation(message: string): Expectation {
  const [expected = "", remedy = "", within] = message.split(separator);
  return { expected, remedy, within };
}
