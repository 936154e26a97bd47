import { homedir } from "node:os";
import { readManifest } from "../stacks/metallb/release/manifest";
import type { Manifest } from "../stacks/metallb/release/manifest-objects";
import { memberlist } from "../stacks/metallb/addresses";
import { keptInBackup, prepareLocalState } from "../stacks/shared/local-state";
import { placeLockFile } from "../stacks/shared/lock-file";
import { prepareStackFolder } from "../stacks/shared/stack-folder";
import { initialisedElsewhere, leftBehind, refuseStateElsewhere } from "../stacks/shared/state-elsewhere";
import type { Environment } from "../values/environment";
import { ConfigurationError, type Problem, problemText } from "../values/problem";
import { hasTerminal } from "../values/terminal";
import { checkAnswers } from "./checks/environment";
import { clusterFile } from "./cluster-file";
import { environmentOfTerraform } from "./environment-of-terraform";
import { loadCluster } from "./load";
import type { ClusterConfig } from "./schema";

/** What synthesis goes by. */
export interface SynthesisOptions {
  /** The cluster.yaml. @default the environment variable CLUSTER_CONFIG, or cluster.yaml in the current directory */
  readonly file?: string;
  /** @default process.env */
  readonly environment?: Environment;
  /** The home directory, from which `~` leads. @default the user's */
  readonly home?: string;
  /** Is called for each warning. @default prints it to the error stream */
  readonly warn?: (problem: Problem) => void;
}

/** A cluster.yaml as the stacks are made of it. */
export interface LoadedCluster {
  /** The props of every stack. */
  readonly config: ClusterConfig;
  /** Upstream's release manifest; undefined for MetalLB 0.9 to 0.12, which need none. */
  readonly manifest: Manifest | undefined;
  /** Whether cdktf is known to be deploying. */
  readonly deploys: boolean;
  readonly warn: (problem: Problem) => void;
}

/**
 * Reads a cluster.yaml, and MetalLB's manifest where it needs one, with the environment that Terraform will have.
 * @throws ConfigurationError with every problem, if one of them is an error.
 */
export function loadForSynthesis({
  environment: given = process.env,
  file = clusterFile(given),
  home = homedir(),
  warn = print,
}: SynthesisOptions = {}): LoadedCluster {
  const { environment, ofCdktf, deploys } = environmentOfTerraform(given);
  const config = loadCluster(file, { environment, home, warn });
  const unanswered = ofCdktf && !hasTerminal() ? checkAnswers(environment, config) : [];
  if (unanswered.length > 0) throw new ConfigurationError(unanswered);
  return { config, manifest: readManifest(config.metallb, file, home), deploys, warn };
}

const print = (problem: Problem) => console.error(problemText(problem));

/** CDKTF's App, as far as it is needed here. */
interface SynthesisedApp {
  readonly outdir: string;
  synth(): void;
}

/** A stack of this project in it. */
interface NamedStack {
  readonly node: { readonly id: string };
}

/**
 * `app.synth()`, with what has to be done in the stacks' folders before and after it: they are their user's alone, and so is
 * a local state, which holds a secret; and each stack gets its part of the team's lock file.
 * @throws ConfigurationError where a state is elsewhere than the configuration says.
 */
export function synthesiseStacks(
  app: SynthesisedApp,
  stacks: readonly NamedStack[],
  { config, deploys, warn }: LoadedCluster,
): void {
  const folders = stacks.map(({ node }) => ({ outdir: app.outdir, stack: node.id }));
  if (deploys) refuseStateElsewhere(config, folders);
  folders.flatMap((folder) => leftBehind(config, folder) ?? []).forEach((problem) => warn(problem));
  // Terraform would refuse it as well, and offer to write one state over the other.
  const elsewhere = folders.flatMap((folder) => initialisedElsewhere(config, folder) ?? []);
  if (elsewhere.length > 0) throw new ConfigurationError(elsewhere);
  for (const folder of folders) {
    prepareStackFolder(folder, config.state.backend);
    if (config.state.backend === "local") {
      prepareLocalState(config.name, folder);
      const kept =
        config.metallb.memberlistKey === "writeOnly" && keptInBackup(config.name, folder, memberlist.key.address);
      if (kept) warn(kept);
    }
  }
  app.synth();
  for (const folder of folders) placeLockFile(folder);
}
