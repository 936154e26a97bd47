import type { Command } from "commander";
import { verify } from "../day-two/verify/verify";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { withProgress } from "./terminal";
import { verifyText } from "./verify-report";

interface VerifyCommandOptions extends ClusterOptions {
  readonly service?: boolean;
  readonly all?: boolean;
}

export function verifyCommand(): Command {
  return clusterCommand(
    "verify",
    "Prove that the cluster works: looks at every node, kube-proxy, MetalLB and every LoadBalancer Service. Says a line " +
      "of each node, and what failed. Changes nothing, unless --service is given. Exit code: 0 every check passed, 1 one failed.",
  )
    .option("--service", "also make a LoadBalancer Service in a namespace of its own, ask it, and remove it again")
    .option("--all", "show every check in a line")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb verify": "a line a node, and what failed",
        "npx baremetal-lb verify --all --service": "every check, and a Service of its own that is asked",
      }),
    )
    .action((options: VerifyCommandOptions) => onCluster(options, (context) => run(context, options)));
}

async function run({ config, project, home }: ClusterContext, options: VerifyCommandOptions): Promise<number> {
  const interruption = new AbortController();
  const interrupt = () => interruption.abort();
  const service = options.service ?? false;
  // A trial must remove what it made before the process ends.
  const signals = service ? (["SIGINT", "SIGTERM"] as const) : [];
  for (const signal of signals) process.on(signal, interrupt);
  try {
    const what = service ? "looking at the cluster, trying a Service" : "looking at every node and the cluster";
    const report = await withProgress(what, () =>
      verify({ config, home, environment: project.environment, service, signal: interruption.signal }),
    );
    if (options.json) printJson(report);
    else process.stdout.write(verifyText(report, { all: options.all ?? false }));
    return report.passed ? exitCodes.ok : exitCodes.failed;
  } finally {
    for (const signal of signals) process.off(signal, interrupt);
  }
}
