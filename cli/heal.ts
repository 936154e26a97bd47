import type { Command } from "commander";
import { describeChanges } from "../day-two/differences";
import { findDrift } from "../day-two/drift";
import { destroyedBy, planRepairs } from "../day-two/heal";
import { refuseStateElsewhere } from "../stacks/shared/state-elsewhere";
import { shellWord } from "../stacks/shared/shell-word";
import { applyPlan } from "../remote/terraform/apply";
import type { StackPlan } from "../remote/terraform/plan";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { driftText } from "./drift-report";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { inPrivateFolder } from "./private-folder";
import { confirmed, withProgress } from "./terminal";

interface HealOptions extends ClusterOptions {
  readonly yes?: boolean;
  readonly destroy?: readonly string[];
}

export function healCommand(): Command {
  return clusterCommand(
    "heal",
    "Repair what drifted and nothing else: applies the stacks that changed, and replaces the resources of just the " +
      "nodes that differ. Shows what it will do and asks first; destroys nothing that is not named. Exit code: 0 as declared again, 1 not, 2 the answer was no.",
  )
    .option("-y, --yes", "do not ask, as in CI; what would be destroyed has to be named with --destroy all the same")
    .option("--destroy <address...>", "addresses in Terraform that may be destroyed, as this command shows them")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb heal": "shows what it would apply, and asks",
        "npx baremetal-lb heal --yes --destroy null_resource.node9": "in CI, where that may be destroyed",
      }),
    )
    .action((options: HealOptions) =>
      onCluster(options, (context) => inPrivateFolder((scratch) => heal(context, options, scratch))),
    );
}

async function heal(context: ClusterContext, options: HealOptions, scratch: string): Promise<number> {
  const say = (text: string) => process.stderr.write(text);
  const look = () =>
    withProgress("planning every stack, looking at every node", () => findDrift({ ...context, scratch }));

  let drift = await look();
  const { outdir } = context.project;
  refuseStateElsewhere(
    context.config,
    drift.stacks.map(({ name }) => ({ outdir, stack: name })),
  );
  const repaired: string[] = [];
  // Some stacks can be planned only when what one in front of them makes is back: then there is another round.
  for (;;) {
    const found = drift;
    const repairs = await withProgress("planning the repair", () => planRepairs(found, scratch));
    // What drifted again at once would do so for ever.
    const ended = repairs.length === 0 || repairs.some(({ stack }) => repaired.includes(stack.name));
    if (!ended || repaired.length === 0) say(driftText(found.report));
    if (ended) break;
    say(repairs.map(describeRepair).join(""));
    const destroyed = repairs.flatMap(({ changes }) => destroyedBy(changes));
    const unnamed = destroyed.filter((address) => !options.destroy?.includes(address));
    if (options.yes && unnamed.length > 0) {
      say(
        `Nothing was applied: this would destroy ${unnamed.join(", ")}, which heal does not do by itself. If it is meant, name it: npx baremetal-lb heal --yes --destroy ${unnamed.map(shellWord).join(" ")}\n`,
      );
      return exitCodes.failed;
    }
    for (const address of unnamed) {
      const option = `--destroy ${shellWord(address)}`;
      if (!(await confirmed(`Destroy ${address}?`, address, option))) return exitCodes.drifted;
    }
    if (!options.yes && !(await confirmed("Apply this?"))) return exitCodes.drifted;
    for (const repair of repairs) {
      await withProgress(`repairing ${repair.stack.name}`, () => applyPlan(found.terraform, repair));
      say(`${repair.stack.name}: repaired\n`);
      repaired.push(repair.stack.name);
    }
    drift = await look();
  }
  if (options.json) printJson({ repaired, after: drift.report });
  else if (repaired.length > 0) process.stdout.write(driftText(drift.report));
  return drift.report.status === "in-sync" ? exitCodes.ok : exitCodes.failed;
}

function describeRepair({ stack, changes }: StackPlan): string {
  const lines = [...new Set(changes.map(({ address, change }) => `  ${verb(change.actions)} ${address}\n`))];
  const why = describeChanges(changes).map((line) => `  - ${line}\n`);
  return `\nTo be applied to ${stack.name}:\n${why.join("")}${lines.join("")}`;
}

function verb(actions: readonly string[]): string {
  if (actions.includes("create") && actions.includes("delete")) return "replace";
  return actions[0] ?? "";
}
