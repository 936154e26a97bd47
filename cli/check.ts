import { homedir } from "node:os";
import { Command } from "commander";
import type { Environment } from "../values/environment";
import { clusterFile } from "../cluster/cluster-file";
import { inspectCluster } from "../cluster/load";
import { byPlace, isError, type Problem, problemText } from "../values/problem";
import { type ClusterSummary, summarize, summaryText } from "./cluster-summary";
import { examplesText } from "./examples";

/** What a command leaves behind: what it prints, and its exit code. */
export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

/** The machine-readable form of `check --json`. */
export interface CheckReport {
  readonly file: string;
  readonly valid: boolean;
  readonly problems: readonly Problem[];
  /** What the stacks would build; absent if the configuration has an error. */
  readonly cluster?: ClusterSummary;
}

export interface CheckOptions {
  /** Default: the environment variable CLUSTER_CONFIG, or cluster.yaml. */
  readonly config?: string;
  readonly json?: boolean;
}

/** baremetal-lb check: everything that is wrong with a configuration, in one go. Writes nothing, contacts nothing. */
export function check(options: CheckOptions, environment: Environment, home: string): Outcome {
  const file = options.config ?? clusterFile(environment);
  const { config, problems: ofConfiguration, otherFiles, manifest } = inspectCluster(file, { environment, home });
  const problems = [...ofConfiguration, ...otherFiles, ...(manifest ? [manifest] : [])].sort(byPlace);
  const errors = problems.filter(isError).length;
  const cluster = config === undefined || errors > 0 ? undefined : summarize(config);
  const exitCode = cluster === undefined ? 1 : 0;
  if (options.json) {
    const report: CheckReport = { file, valid: exitCode === 0, problems, cluster };
    return { stdout: `${JSON.stringify(report, null, 2)}\n`, stderr: "", exitCode };
  }
  const lines = problems.map((problem) => `${problemText(problem)}\n`);
  const total =
    problems.length === 0 ? "" : `${file}: ${count(errors, "error")}, ${count(problems.length - errors, "warning")}\n`;
  return { stdout: cluster === undefined ? "" : summaryText(cluster), stderr: lines.join("") + total, exitCode };
}

const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;

/** The subcommand, with its options. */
export function checkCommand(): Command {
  return new Command("check")
    .description(
      "Report every problem of the configuration in one go; show what would be built if there is none. " +
        "Writes nothing and contacts nothing. Exit code: 0 without an error, 1 with one.",
    )
    .option("-c, --config <file>", "the configuration (default: $CLUSTER_CONFIG, or cluster.yaml)")
    .option("--json", "print one JSON object: file, valid, problems, cluster")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb check": "cluster.yaml, or what CLUSTER_CONFIG names",
        "npx baremetal-lb check --config other.yaml --json": "another file, for a program",
      }),
    )
    .action((options: CheckOptions) => {
      const { stdout, stderr, exitCode } = check(options, process.env, homedir());
      process.stderr.write(stderr);
      process.stdout.write(stdout);
      // Not process.exit(): it may cut off what a pipe has not taken yet.
      process.exitCode = exitCode;
    });
}
