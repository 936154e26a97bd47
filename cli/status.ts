import type { Command } from "commander";
import { connectKubernetes } from "../remote/kubernetes/connect";
import { findStatus } from "../day-two/status/status";
import { type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { exitCodes } from "./exit-codes";
import { statusText } from "./status-report";
import { withProgress } from "./terminal";

export function statusCommand(): Command {
  return clusterCommand(
    "status",
    "Show the pools and what is left of them, the Services and the nodes that announce them, and how the nodes are. " +
      "Changes nothing and judges nothing. Exit code: 0, or 1 if the Kubernetes API cannot be asked.",
  ).action((options: ClusterOptions) =>
    onCluster(options, async ({ config, home, project }) => {
      const report = await withProgress("asking the Kubernetes API", async () => {
        const { credentials } = config.kubernetes;
        return findStatus(config, await connectKubernetes(credentials, { home, environment: project.environment }));
      });
      if (options.json) printJson(report);
      else process.stdout.write(statusText(report));
      return exitCodes.ok;
    }),
  );
}
