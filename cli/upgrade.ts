import type { Command } from "commander";
import { findUpgrade, type UpgradeStatus } from "../day-two/upgrade/upgrade";
import { type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { inPrivateFolder } from "./private-folder";
import { withProgress } from "./terminal";
import { upgradeText } from "./upgrade-report";

/** The exit code of each status: what could not be found out is an error. */
const upgradeExitCodes: Readonly<Record<UpgradeStatus, number>> = {
  "up-to-date": exitCodes.ok,
  upgrade: exitCodes.drifted,
  failed: exitCodes.failed,
};

export function upgradeCommand(): Command {
  return clusterCommand(
    "upgrade",
    "Explain the move from the MetalLB that runs to the version that the configuration names: what each stack would " +
      "create, change and remove, how long an address may be silent, which Services are concerned. Changes nothing. " +
      "Exit code: 0 that version runs, 2 there is an upgrade to make, 1 it could not be found out, or cannot be made.",
  )
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb upgrade": "what the version in cluster.yaml would change",
      }),
    )
    .action((options: ClusterOptions) =>
      onCluster(options, async (context) => {
        const report = await withProgress("planning every stack", () =>
          inPrivateFolder((scratch) => findUpgrade({ ...context, scratch })),
        );
        if (options.json) printJson(report);
        else process.stdout.write(upgradeText(report));
        return upgradeExitCodes[report.status];
      }),
    );
}
