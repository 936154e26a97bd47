import type { Command } from "commander";
import { findDiff } from "../day-two/diff";
import { applyPlan } from "../remote/terraform/apply";
import { refuseStateElsewhere } from "../stacks/shared/state-elsewhere";
import { UserError } from "../values/user-error";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { diffText } from "./diff-report";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { inPrivateFolder } from "./private-folder";
import { withProgress } from "./terminal";

interface ApplyOptions extends ClusterOptions {
  readonly approved: string;
}

export function applyCommand(): Command {
  return clusterCommand(
    "apply",
    "Apply what diff showed and nothing else: plans every stack again, refuses where these plans would do anything else " +
      "than those that were approved, and applies them in their order. Exit code: 0 all is deployed, 2 a stack that " +
      "waited for another can be planned now, 1 refused, or failed.",
  )
    .requiredOption("--approved <fingerprint>", "the fingerprint that diff printed")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb apply --approved 5d41402abc4b2a76":
          "the fingerprint is the last line of npx baremetal-lb diff",
      }),
    )
    .action((options: ApplyOptions) =>
      onCluster(options, (context) => inPrivateFolder((scratch) => apply(context, options, scratch))),
    );
}

async function apply(context: ClusterContext, { approved, json }: ApplyOptions, scratch: string): Promise<number> {
  const say = (text: string) => process.stderr.write(text);
  const { report, plans, terraform } = await withProgress("planning every stack", () =>
    findDiff({ ...context, scratch, lock: true }),
  );
  const { outdir } = context.project;
  refuseStateElsewhere(
    context.config,
    report.stacks.map(({ stack }) => ({ outdir, stack })),
  );
  say(diffText(report));
  if (report.fingerprint !== approved) {
    throw new UserError(
      `Nothing was applied: these are not the plans that were approved, whose fingerprint is ${approved}. The cluster, its configuration or this project has changed since: look at npx baremetal-lb diff, and approve again`,
    );
  }
  if (report.status === "failed") throw new UserError("Nothing was applied: not every stack could be planned");
  const applied: string[] = [];
  for (const plan of plans) {
    const { name } = plan.stack;
    await withProgress(`applying ${name}`, () => applyPlan(terraform, plan));
    say(`${name}: applied\n`);
    applied.push(name);
  }
  const waiting = report.stacks.filter(({ status }) => status === "waits").map(({ stack }) => stack);
  if (json) printJson({ applied, waiting });
  else process.stdout.write(conclusion(applied, waiting));
  return waiting.length === 0 ? exitCodes.ok : exitCodes.drifted;
}

function conclusion(applied: readonly string[], waiting: readonly string[]): string {
  if (waiting.length > 0) {
    return `${waiting.join(", ")} could not be planned before: look at npx baremetal-lb diff, and approve again\n`;
  }
  return applied.length === 0 ? "There was nothing to apply.\n" : `Applied: ${applied.join(", ")}\n`;
}
