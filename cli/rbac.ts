import { join } from "node:path";
import type { Command } from "commander";
import { stringify } from "yaml";
import { grantsOfCommands, grantsOfStacks, reading } from "../day-two/rbac/grants";
import { namespaceLabelsOf, rbacManifest } from "../day-two/rbac/manifest";
import { synthesise } from "../remote/terraform/project";
import { type ClusterContext, type ClusterOptions, clusterCommand, onCluster, printJson } from "./cluster-command";
import { examplesText } from "./examples";
import { exitCodes } from "./exit-codes";
import { inPrivateFolder } from "./private-folder";
import { withProgress } from "./terminal";

interface RbacCommandOptions extends ClusterOptions {
  readonly readOnly?: boolean;
  readonly deployed?: boolean;
}

export function rbacCommand(): Command {
  return clusterCommand(
    "rbac",
    "Print the Kubernetes objects of a service account that may do what the declared stacks need, and no more: for " +
      "kubectl apply. Writes nothing and contacts nothing. Exit code: 0, or 1 for an error.",
  )
    .option("--read-only", "for diff, drift, verify, status, explain, report and upgrade alone")
    .option("--deployed", "for a cluster whose namespace metallb-system these stacks have made already")
    .addHelpText(
      "after",
      examplesText({
        "npx baremetal-lb rbac | kubectl apply -f -": "an account that may deploy",
        "npx baremetal-lb rbac --read-only | kubectl apply -f -": "one that only looks",
      }),
    )
    .action((options: RbacCommandOptions) =>
      onCluster(options, (context) => inPrivateFolder((scratch) => print(context, options, scratch))),
    );
}

async function print(
  { config, project }: ClusterContext,
  options: RbacCommandOptions,
  scratch: string,
): Promise<number> {
  const stacks = await withProgress("synthesising the stacks", () =>
    synthesise({ ...project, outdir: join(scratch, "cdktf.out") }),
  );
  const { readOnly = false, deployed = false } = options;
  const ofStacks = grantsOfStacks(stacks, { ownsNamespace: deployed || readOnly });
  const withCommands = { ...ofStacks, grants: [...ofStacks.grants, ...grantsOfCommands(config.metallb)] };
  const name = readOnly ? "baremetal-lb-reader" : "baremetal-lb";
  const namespaceLabels = deployed || readOnly ? undefined : namespaceLabelsOf(stacks);
  const objects = rbacManifest(readOnly ? reading(withCommands) : withCommands, { name, namespaceLabels });
  if (options.json) printJson(objects);
  else process.stdout.write(`${head(name)}${objects.map((one) => `---\n${stringify(one)}`).join("")}`);
  return exitCodes.ok;
}

const head = (name: string): string => `# npx baremetal-lb rbac | kubectl apply -f -
# Then, for as long as it is to be good: kubectl -n kube-system create token ${name} --duration 1h
`;
