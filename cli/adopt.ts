import type { Command } from "commander";
import { type AdoptionReport, withAdoption } from "../day-two/adopt/adopt";
import { applyPlan } from "../remote/terraform/apply";
import { type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { inPrivateFolder } from "./private-folder";
import { confirmed, startProgress, withProgress } from "./terminal";

interface AdoptCommandOptions extends ClusterOptions {
  readonly plan?: boolean;
  readonly yes?: boolean;
}

export function adoptCommand(): Command {
  return clusterCommand(
    "adopt",
    "Take over a MetalLB that was installed by hand, from upstream's manifest or by Helm, or what a lost state had: imports its " +
      "objects into Terraform's state, the memberlist secret with its value, and brings them to what is declared. " +
      "Destroys nothing, but what of a Helm release has another name here. Shows what it will do and asks first. Exit code: 0 adopted, or nothing to adopt; 1 an error; 2 the answer was no.",
  )
    .option("--plan", "only show what would be imported and what would change")
    .option("-y, --yes", "do not ask, as in CI")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb adopt --plan": "what would be imported, and whose pods restart",
        "npx baremetal-lb adopt": "the same, then the question, then the import",
      }),
    )
    .action((options: AdoptCommandOptions) =>
      onCluster(options, (context) =>
        inPrivateFolder((scratch) => {
          const stop = startProgress("looking at what is there, planning to adopt it");
          return withAdoption({ ...context, scratch }, async ({ report, planned, terraform, before }) => {
            stop();
            if (options.json) printJson(report);
            else process.stdout.write(adoptionText(report));
            if (planned.length === 0 || options.plan) return exitCodes.ok;
            if (!options.yes && !(await confirmed("Adopt this?"))) return exitCodes.drifted;
            for (const plan of planned) {
              await before(plan.stack.name);
              await withProgress(`adopting into ${plan.stack.name}`, () => applyPlan(terraform, plan));
            }
            if (!options.json) process.stdout.write(`Adopted. From here on: npx cdktf deploy '*'\n`);
            return exitCodes.ok;
          }).finally(stop);
        }),
      ),
    );
}

function adoptionText({ imports, changes, creates, restarts, release }: AdoptionReport): string {
  if (imports.length === 0 && release === undefined)
    return "Nothing to adopt: no object of these stacks exists that Terraform does not know.\n";
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? "" : `${title} (${lines.length}):\n${lines.map((line) => `  ${line}\n`).join("")}`;
  return (
    list("To import", imports) +
    list("To change", changes) +
    list("To create", creates) +
    list("Pods to restart, one after the other", restarts) +
    (release === undefined
      ? "To destroy: nothing.\n"
      : list(`To delete of the Helm release ${release.name}, which Helm then forgets`, release.deletes))
  );
}
