import { appendFileSync } from "node:fs";
import { type Command, Option } from "commander";
import { type DriftReport, type DriftStatus, findDrift } from "../day-two/drift";
import { clusterCommand, printJson } from "./cluster-command";
import { driftMarkdown, driftText } from "./drift-report";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { type MarkdownOptions, markdownOption, onClusterWithMarkdown } from "./markdown";
import { inPrivateFolder } from "./private-folder";
import { withProgress } from "./terminal";

interface DriftCommandOptions extends MarkdownOptions {
  readonly format: "text" | "json" | "github";
}

/** The exit code of each status: what could not be found out is an error. */
export const driftExitCodes: Readonly<Record<DriftStatus, number>> = {
  "in-sync": exitCodes.ok,
  drifted: exitCodes.drifted,
  "not-deployed": exitCodes.drifted,
  failed: exitCodes.failed,
};

export function driftCommand(): Command {
  return clusterCommand(
    "drift",
    "Say whether the cluster is still what is declared: plans every stack and looks at every node, all at once. " +
      "Changes nothing. Exit code: 0 no drift, 2 drift, 1 it could not be found out.",
  )
    .addOption(
      new Option("--format <format>", "github: a job summary, to $GITHUB_STEP_SUMMARY where that is set")
        .choices(["text", "json", "github"])
        .default("text"),
    )
    .addOption(markdownOption("an issue"))
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb drift": "what is not as declared",
        "npx baremetal-lb drift --format github --markdown issue.md": "in a workflow",
      }),
    )
    .action((options: DriftCommandOptions) =>
      onClusterWithMarkdown(
        options,
        { command: "drift", failure: "it could not be found out" },
        async (context, write) => {
          const { report } = await withProgress("planning every stack, looking at every node", () =>
            inPrivateFolder((scratch) => findDrift({ ...context, scratch })),
          );
          print(report, options.json ? "json" : options.format, process.env.GITHUB_STEP_SUMMARY);
          write(driftMarkdown(report));
          return driftExitCodes[report.status];
        },
      ),
    );
}

function print(report: DriftReport, format: DriftCommandOptions["format"], summaryFile: string | undefined): void {
  if (format === "json") {
    printJson(report);
    return;
  }
  if (format === "github") {
    if (summaryFile) appendFileSync(summaryFile, driftMarkdown(report));
    else process.stdout.write(driftMarkdown(report));
    if (!summaryFile) return;
  }
  process.stdout.write(driftText(report));
}
