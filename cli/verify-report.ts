import type { Check, CheckStatus, VerifyReport } from "../day-two/verify/check";
import { colours } from "./terminal";

const words: Readonly<Record<CheckStatus, string>> = { passed: "ok", failed: "failed", skipped: "skipped" };

const colour: Readonly<Record<CheckStatus, (text: string) => string>> = {
  passed: colours.green,
  failed: colours.red,
  skipped: colours.yellow,
};

const width = Math.max(...Object.values(words).map((word) => word.length));

/** For a person: every check in a line, a remedy below it, and the count at the end. */
export function verifyText({ cluster, checks }: VerifyReport): string {
  const count = (status: CheckStatus) => checks.filter((check) => check.status === status).length;
  const [fine, bad, left] = [count("passed"), count("failed"), count("skipped")];
  const total = `Cluster ${cluster}: ${checks.length} checks, ${fine} ok, ${bad} failed, ${left} skipped.`;
  return [...checks.flatMap(checkLines), "", total].map((line) => `${line}\n`).join("");
}

/** A check in a line, with its remedy below it. */
export function checkLines({ status, text, remedy }: Check): string[] {
  const indent = " ".repeat(width + 2);
  const word = colour[status](words[status]) + " ".repeat(width - words[status].length);
  const said = `${word}  ${text.replaceAll("\n", `\n${indent}`)}`;
  return remedy === undefined ? [said] : [said, `${indent}to mend it: ${remedy}`];
}
