import { constants } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { type Command, InvalidArgumentError, Option } from "commander";
import { undoneWithUs } from "../remote/interruption";
import { connectKubernetes } from "../remote/kubernetes/connect";
import { findStatus } from "../day-two/status/status";
import { userMessage } from "../values/user-error";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { statusText } from "./status-report";
import { withProgress } from "./terminal";
import { watchedDisplay } from "./watched-display";

interface StatusCommandOptions extends ClusterOptions {
  readonly watch?: boolean;
  readonly interval: number;
}

const longestIntervalSeconds = 3600;

export function statusCommand(): Command {
  return clusterCommand(
    "status",
    "Show the pools and what is left of them, the Services and the nodes that announce them, and how the nodes are. " +
      "Changes nothing and judges nothing. Exit code: 0, or 1 if the Kubernetes API cannot be asked; of --watch 130, by Ctrl-C.",
  )
    .addOption(
      new Option(
        "-w, --watch",
        "show it again and again, or without a terminal what changed, with the time; an API that goes away does not end it",
      ).conflicts("json"),
    )
    .addOption(
      new Option("--interval <seconds>", "how long --watch waits before it asks again")
        .default(5)
        .implies({ watch: true })
        .argParser(readInterval),
    )
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb status": "once",
        "npx baremetal-lb status --watch --interval 30": "each 30 s, until Ctrl-C",
      }),
    )
    .action((options: StatusCommandOptions) =>
      onCluster(options, async (context) => {
        if (options.watch) return watch(context, options.interval);
        const report = await withProgress("asking the Kubernetes API", async () =>
          findStatus(context.config, await connect(context)),
        );
        if (options.json) printJson(report);
        else process.stdout.write(statusText(report));
        return exitCodes.ok;
      }),
    );
}

function readInterval(text: string): number {
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestIntervalSeconds) return seconds;
  throw new InvalidArgumentError(`expected seconds, a whole number from 1 to ${longestIntervalSeconds}.`);
}

const connect = ({ config, home, project: { environment } }: ClusterContext) =>
  connectKubernetes(config.kubernetes.credentials, { home, environment });

/** Shows the status until it is ended from outside. @throws UserError where there are no credentials at the start */
async function watch(context: ClusterContext, seconds: number): Promise<never> {
  await connect(context);
  const display = watchedDisplay(process.stdout, seconds);
  const end = () => display.end();
  undoneWithUs(() => Promise.resolve(end()));
  process.once("SIGINT", () => {
    end();
    // At once: a request that is on its way would hold it up.
    process.exit(128 + constants.signals.SIGINT);
  });
  // Whoever read it has had enough, as head has.
  process.stdout.once("error", () => process.exit(128 + constants.signals.SIGPIPE));
  try {
    for (;;) {
      try {
        // Each time anew: the kubeconfig may have another token meanwhile.
        const report = await findStatus(context.config, await connect(context));
        display.found(statusText(report), new Date());
      } catch (error) {
        display.failed(userMessage(error), new Date());
      }
      await sleep(seconds * 1000);
    }
  } catch (error) {
    end();
    throw error;
  }
}
