import { homedir } from "node:os";
import { Command } from "commander";
import { clusterFile } from "../cluster/cluster-file";
import { inspectCluster } from "../cluster/load";
import { ConfigurationError, isError } from "../values/problem";
import type { ReadOptions } from "../cluster/read";
import type { ClusterConfig } from "../cluster/schema";
import { serverThatRuns } from "../stacks/shared/schema/state";
import { forTerraform } from "../stacks/shared/sensitive-variables";
import type { Environment } from "../values/environment";
import { userMessage } from "../values/user-error";
import { openProject, type Project } from "../remote/terraform/project";
import { exitCodes } from "./exit-codes";
import { say } from "./terminal";

/** The options that every command on a live cluster has. */
export interface ClusterOptions {
  readonly config?: string;
  readonly output?: string;
  readonly json?: boolean;
}

/** What a command on a live cluster is given. */
export interface ClusterContext {
  /** The name of the file that `config` was read from. */
  readonly file: string;
  readonly config: ClusterConfig;
  readonly project: Project;
  readonly home: string;
  /** Says something meanwhile, on the error stream. */
  readonly say: (text: string) => void;
}

/** The file that a command reads. */
export const configurationOf = ({ config }: ClusterOptions): string => config ?? clusterFile(process.env);

/** A subcommand with the options that they all have. */
export function clusterCommand(name: string, description: string): Command {
  return new Command(name)
    .description(description)
    .option("-c, --config <file>", "the configuration (default: $CLUSTER_CONFIG, or cluster.yaml)")
    .option("-o, --output <directory>", "cdktf's output directory (default: $CDKTF_OUTDIR, or that of cdktf.json)")
    .option("--json", "print one JSON object");
}

interface WorkOptions extends ReadOptions {
  /** Is given what is said of a failure. @default it is on the error stream alone */
  readonly failed?: (message: string) => void;
}

/**
 * Reads the configuration and does a command's work; its result is the exit code. What is for the user is said
 * on the error stream without a stack trace, and the exit code is 1.
 */
export async function onCluster(
  options: ClusterOptions,
  work: (context: ClusterContext) => Promise<number>,
  { failed, ...reading }: WorkOptions = {},
): Promise<void> {
  try {
    const home = homedir();
    const file = configurationOf(options);
    const { config, problems } = inspectCluster(file, { environment: process.env, ...reading });
    if (config === undefined) throw new ConfigurationError(problems.filter(isError));
    const project = openProject(process.cwd(), environmentFor(config, file), options);
    process.exitCode = await work({
      file,
      config,
      project,
      home,
      say: (text) => say(`${text}\n`),
    });
  } catch (error) {
    const message = userMessage(error);
    process.stderr.write(`${message}\n`);
    failed?.(message);
    process.exitCode = exitCodes.failed;
  }
}

/** The environment in which a command works: synthesis reads the same file, and Terraform has the values of its variables. */
export function environmentFor(config: ClusterConfig, file: string): Environment {
  // A Terraform that a server runs has the workspace's variables.
  const ofTerraform = serverThatRuns(config.state) === undefined ? forTerraform(config, process.env) : {};
  return { ...process.env, ...ofTerraform, CLUSTER_CONFIG: file };
}

/** Prints a report as JSON. */
export const printJson = (report: unknown): void => {
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
};
