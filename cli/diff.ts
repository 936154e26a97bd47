import type { Command } from "commander";
import { type DiffStatus, findDiff } from "../day-two/diff";
import { clusterCommand, printJson } from "./cluster-command";
import { diffMarkdown, diffText } from "./diff-report";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { type MarkdownOptions, markdownOption, onClusterWithMarkdown } from "./markdown";
import { inPrivateFolder } from "./private-folder";
import { withProgress } from "./terminal";

/** The exit code of each status: what could not be planned is an error. */
export const diffExitCodes: Readonly<Record<DiffStatus, number>> = {
  unchanged: exitCodes.ok,
  changes: exitCodes.drifted,
  waits: exitCodes.drifted,
  failed: exitCodes.failed,
};

export function diffCommand(): Command {
  return clusterCommand(
    "diff",
    "Say what a deploy would do, attribute by attribute, for each stack and node: plans every stack, and locks none. " +
      "Changes nothing. Exit code: 0 nothing would change, 2 something would, 1 it could not be found out.",
  )
    .addOption(markdownOption("a comment on a pull request"))
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb diff": "what a deploy would do",
        "npx baremetal-lb diff --markdown comment.md": "the same as the comment of a pull request, too",
      }),
    )
    .action((options: MarkdownOptions) =>
      onClusterWithMarkdown(
        options,
        { command: "diff", failure: "it could not be planned" },
        async (context, write) => {
          const { report } = await withProgress("planning every stack", () =>
            inPrivateFolder((scratch) => findDiff({ ...context, scratch })),
          );
          if (options.json) printJson(report);
          else process.stdout.write(diffText(report));
          write(diffMarkdown(report));
          return diffExitCodes[report.status];
        },
      ),
    );
}
