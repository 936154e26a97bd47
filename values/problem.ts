import { UserError } from "./user-error";

/** Where in the configuration: ["metallb", "pools", 0, "name"]. */
export type Path = readonly (string | number)[];

/** What is wrong with one value, before it is known where in a file that value stands. */
export interface Finding {
  readonly severity: "error" | "warning";
  readonly path: Path;
  /** The key itself is wrong, not its value. */
  readonly atKey?: boolean;
  /** The value, for a person to read: never a secret. See `shown`. */
  readonly given: string;
  /** Completes "expected …". */
  readonly expected: string;
  /** A whole instruction. */
  readonly remedy: string;
}

/** A finding with its place. */
export interface Problem {
  readonly severity: "error" | "warning";
  /** The file as the user named it, or "environment". */
  readonly file: string;
  /** From 1. Absent for what stands in no file. */
  readonly line?: number;
  /** From 1. */
  readonly column?: number;
  /** "metallb.pools[0].name"; empty for the file as a whole. */
  readonly path: string;
  readonly given: string;
  readonly expected: string;
  readonly remedy: string;
}

const longestShown = 80;

/**
 * A value in the short form that messages show. A text of several lines is never shown: it may be a private key that
 * somebody pasted. A long one shows its first characters, which in every key format are the format's name.
 */
export function shown(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "a mapping";
  if (typeof value !== "string") return String(value);
  if (/[\r\n]|PRIVATE KEY/.test(value)) return "a text of several lines (not shown)";
  if (/:\/\/[^/]*@/.test(value)) return "a URL with credentials (not shown)";
  return JSON.stringify(value.length > longestShown ? `${value.slice(0, 20)}…` : value);
}

/** An item of a list by its name: "the pool default"; by its place, "pool 2", where the name cannot be used. */
export function itemText(noun: string, name: unknown, index: number): string {
  return typeof name === "string" ? `the ${noun} ${name}` : `${noun} ${index + 1}`;
}

/** "metallb.pools[0].name" */
export function pathText(path: Path): string {
  return path.reduce<string>(
    (text, step) => text + (typeof step === "number" ? `[${step}]` : text === "" ? step : `.${step}`),
    "",
  );
}

/** Whether a problem keeps the configuration from being used. */
export function isError(problem: Pick<Problem, "severity">): boolean {
  return problem.severity === "error";
}

/** Orders problems as their file has them; what stands in no file comes last. */
export function byPlace(a: Problem, b: Problem): number {
  if (a.line === undefined || b.line === undefined) return Number(a.line === undefined) - Number(b.line === undefined);
  return a.line - b.line || (a.column ?? 0) - (b.column ?? 0);
}

/** One line: place, severity, path, and what was given, what is expected, how to mend it. */
export function problemText(problem: Problem): string {
  const { file, line, column, severity, path, given, expected, remedy } = problem;
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`;
  const subject = path === "" ? "" : ` ${path}:`;
  return `${place}: ${severity}:${subject} given ${given}; expected ${expected}; ${remedy}`;
}

/** A configuration that cannot be used. The message holds every problem, one a line. */
export class ConfigurationError extends UserError {
  override readonly name = "ConfigurationError";

  constructor(readonly problems: readonly Problem[]) {
    super(problems.map(problemText).join("\n"));
  }
}
