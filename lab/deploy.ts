import { join } from "node:path";
import { run, type CommandResult } from "./command";
import type { Lab } from "./lab-settings";
import { inNamespace } from "./namespaces";
import { clusterNamespace } from "./network-plan";
import { deployedProject } from "./own-repository";
import { runFiles } from "./run-files";

export const deployArguments = ["deploy", "*", "--auto-approve", "--skip-provider-lock"];

export const deployLog = (lab: Lab) => join(lab.run, "deploy.log");

/** The lab's configuration, and no way out of the lab's network: no telemetry, no provider from a registry. */
export function cdktfEnvironment(lab: Lab, environment: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  const files = runFiles(lab);
  return {
    ...environment,
    CLUSTER_CONFIG: files.clusterConfig,
    TF_CLI_CONFIG_FILE: files.terraformConfig,
    CHECKPOINT_DISABLE: "1",
    DISABLE_VERSION_CHECK: "true",
    // What is missing is an error, and no question.
    TF_INPUT: "0",
    // No spinner, no colours.
    CI: "1",
    FORCE_COLOR: "0",
  };
}

/**
 * Runs cdktf on the project, as its user would, but inside the lab's namespace and with its output in the run's folder. The state's
 * path is relative to the output, so the state is in the run's folder too: a cdktf.out and a state of the user's own in
 * the project are left alone.
 */
export function cdktf(
  lab: Lab,
  args: readonly string[],
  { timeoutSeconds, logFile }: { readonly timeoutSeconds: number; readonly logFile?: string },
): Promise<CommandResult> {
  const { folder } = deployedProject(lab);
  const program = join(folder, "node_modules", ".bin", "cdktf");
  const command = inNamespace(clusterNamespace, [program, ...args, "--output", runFiles(lab).cdktfOutput]);
  return run(command, { cwd: folder, env: cdktfEnvironment(lab), timeoutSeconds, logFile });
}
