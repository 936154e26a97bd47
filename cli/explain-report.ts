import type { ExplainReport } from "../day-two/explain/explain";
import { list } from "../day-two/verify/check";
import { colours } from "./terminal";
import { checkLines } from "./verify-report";

/** For a person: the story in lines, then the cause with what mends it, and what else was noticed. */
export function explainText({ cluster, service, story, cause, noticed, answers, without }: ExplainReport): string {
  const unknown = story.some(({ status }) => status === "skipped");
  const conclusion =
    cause === undefined
      ? [
          answers === true
            ? colours.green("Nothing is wrong: it answers this host.")
            : colours.yellow(
                unknown
                  ? "Nothing wrong was found, and not everything could be looked at: see the lines that were skipped."
                  : "Nothing is wrong.",
              ),
        ]
      : [
          ...(answers === true ? ["It answers this host. What is wrong all the same:"] : []),
          `${colours.red("Cause:")} ${cause.text}`,
          ...(cause.remedy === undefined ? [] : [`To mend it: ${cause.remedy}`]),
        ];
  return [
    `Service ${service} of cluster ${cluster}`,
    "",
    ...story.flatMap(checkLines),
    "",
    ...conclusion,
    ...(noticed.length === 0 ? [] : ["", "Also noticed:", ...noticed.map((one) => `- ${one}`)]),
    ...withoutLines(without),
  ]
    .map((line) => `${line}\n`)
    .join("");
}

function withoutLines(without: ExplainReport["without"]): string[] {
  if (without === undefined) return [];
  const { nodes, announcers, unknown } = without;
  if (unknown !== undefined) return ["", `without ${list(nodes)}: who would announce it cannot be said: ${unknown}`];
  return ["", ...announcers.map(({ text }) => text)];
}
