import { homedir } from "node:os";
import { Command } from "commander";
import { clusterFile } from "../cluster/cluster-file";
import { inspectCluster } from "../cluster/load";
import { manifestFile } from "../stacks/metallb/release/manifest";
import { isKnown } from "../stacks/metallb/release/releases";
import { ConfigurationError, isError } from "../values/problem";
import { fetchManifest } from "../day-two/fetch-manifest";
import { userMessage } from "../values/user-error";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { withProgress } from "./terminal";

interface ManifestOptions {
  readonly config?: string;
  readonly from?: string;
}

export function manifestCommand(): Command {
  return new Command("manifest")
    .description(
      "Fetch upstream's release manifest of the MetalLB version that the configuration names (0.13 and later), compare " +
        "its SHA-256 with the pinned one, and put it where the stacks look for it. Of a version that the stacks do not know " +
        "it tells the SHA-256, for metallb.manifestSHA256, and writes nothing until that is there. Exit code: 0 it is there, " +
        "1 an error.",
    )
    .option("-c, --config <file>", "the configuration (default: $CLUSTER_CONFIG, or cluster.yaml)")
    .option(
      "--from <file or URL>",
      "take it from there (default: MetalLB's repository on GitHub, at the version's tag)",
    )
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb manifest": "from GitHub",
        "npx baremetal-lb manifest --from metallb-native.yaml": "that was fetched on another machine",
      }),
    )
    .action(async (options: ManifestOptions) => {
      try {
        process.stdout.write(await fetchFor(options, process.env, homedir()));
      } catch (error) {
        process.stderr.write(`${userMessage(error)}\n`);
        process.exitCode = exitCodes.failed;
      }
    });
}

async function fetchFor(options: ManifestOptions, environment: NodeJS.ProcessEnv, home: string): Promise<string> {
  const file = options.config ?? clusterFile(environment);
  const { config, problems } = inspectCluster(file, { environment, manifestHashOptional: true });
  if (config === undefined) throw new ConfigurationError(problems.filter(isError));
  const { metallb } = config;
  const written = await withProgress("fetching upstream's manifest", () =>
    fetchManifest(metallb, manifestFile(metallb, file, home), options.from),
  );
  if (written === undefined)
    return `MetalLB ${metallb.version} needs no manifest: its objects are part of this project\n`;
  return isKnown(metallb.version)
    ? `${written} is upstream's manifest of MetalLB ${metallb.version}\n`
    : `${written} is the manifest of MetalLB ${metallb.version} that metallb.manifestSHA256 names\n`;
}
