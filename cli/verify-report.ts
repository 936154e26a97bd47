import type { Check, CheckStatus, VerifyReport } from "../day-two/verify/check";
import { bySubject, type Subject } from "../day-two/verify/subjects";
import { shownAtMost } from "./cluster-summary";
import { colours } from "./terminal";

const words: Readonly<Record<CheckStatus, string>> = { passed: "ok", failed: "failed", skipped: "skipped" };

const colour: Readonly<Record<CheckStatus, (text: string) => string>> = {
  passed: colours.green,
  failed: colours.red,
  skipped: colours.yellow,
};

const width = Math.max(...Object.values(words).map((word) => word.length));
const indent = " ".repeat(width + 2);

const withStatus = (checks: readonly Check[], status: CheckStatus) => checks.filter((check) => check.status === status);

/**
 * For a person: each node and each other subject in a line, with what failed below it, and the count at the end.
 * @param all whether every check has a line, with its remedy below it
 */
export function verifyText({ cluster, checks }: VerifyReport, { all }: { readonly all: boolean }): string {
  const [fine, bad, left] = (["passed", "failed", "skipped"] as const).map(
    (status) => withStatus(checks, status).length,
  );
  const more = all ? "." : "; --all shows each.";
  const total = `Cluster ${cluster}: ${checks.length} checks, ${fine} ok, ${bad} failed, ${left} skipped${more}`;
  const lines = all ? checks.flatMap(checkLines) : bySubject(checks).flatMap(subjectLines);
  return [...lines, "", total].map((line) => `${line}\n`).join("");
}

/** A check in a line, with its remedy below it. */
export function checkLines({ status, text, remedy }: Check): string[] {
  const said = `${wordOf(status)}${text.replaceAll("\n", `\n${indent}`)}`;
  return remedy === undefined ? [said] : [said, `${indent}${remedyText(remedy)}`];
}

const wordOf = (status: CheckStatus) => colour[status](words[status]) + indent.slice(words[status].length);

const remedyText = (remedy: string) => `to mend it: ${remedy}`;

/** A subject in a line, and what failed of it below that. What was skipped of a node is counted: nodes are many. */
function subjectLines({ name, isNode, checks }: Subject): string[] {
  const [failed, skipped] = [withStatus(checks, "failed"), withStatus(checks, "skipped")];
  const status = failed.length > 0 ? "failed" : skipped.length === checks.length ? "skipped" : "passed";
  const unfolded = isNode ? failed : [...failed, ...skipped.slice(0, shownAtMost)];
  const [only] = unfolded;
  const said = (text: string) => (text.startsWith(`${name}: `) ? text.slice(name.length + 2) : text);
  if (only?.status === status && unfolded.length === 1) {
    const isNamed = [": ", " "].some((next) => only.text.startsWith(name + next));
    return checkLines({ ...only, text: isNamed ? only.text : `${name}: ${only.text}` });
  }
  const total = `${checks.length} ${checks.length === 1 ? "check" : "checks"}`;
  const counts = [
    failed.length > 0 ? `${failed.length} of ${total} failed` : total,
    ...(skipped.length > 0 ? [`${skipped.length} skipped`] : []),
  ];
  return [
    `${wordOf(status)}${name}: ${counts.join(", ")}`,
    ...unfolded.flatMap(({ status: is, text, remedy }, index) => [
      `${indent}- ${is === "skipped" ? "skipped: " : ""}${said(text).replaceAll("\n", `\n${indent}  `)}`,
      // What mends several at once is said once, below them.
      ...(remedy === undefined || remedy === unfolded[index + 1]?.remedy ? [] : [`${indent}  ${remedyText(remedy)}`]),
    ]),
    ...(!isNode && skipped.length > shownAtMost ? [`${indent}… and ${skipped.length - shownAtMost} more skipped`] : []),
  ];
}
