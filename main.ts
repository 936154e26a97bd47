import { homedir } from "node:os";
import { App, type TerraformStack } from "cdktf";
import { checkAnswers } from "./cluster/checks/environment";
import { clusterFile } from "./cluster/cluster-file";
import { environmentOfTerraform } from "./cluster/environment-of-terraform";
import { loadCluster } from "./cluster/load";
import { readManifest } from "./stacks/metallb/release/manifest";
import { memberlist } from "./stacks/metallb/addresses";
import { placeLockFile } from "./stacks/shared/lock-file";
import { keptInBackup, prepareLocalState } from "./stacks/shared/local-state";
import { prepareStackFolder } from "./stacks/shared/stack-folder";
import { initialisedElsewhere, leftBehind, refuseStateElsewhere } from "./stacks/shared/state-elsewhere";
import { ConfigurationError, type Problem, problemText } from "./values/problem";
import { hasTerminal } from "./values/terminal";
import { userMessage } from "./values/user-error";
import { AddressPoolsStack } from "./stacks/metallb/address-pools-stack";
import { KubeProxyStack } from "./stacks/kube-proxy/kube-proxy-stack";
import { MetallbCrdsStack } from "./stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "./stacks/metallb/metallb-stack";
import { NodesStack } from "./stacks/nodes/nodes-stack";

try {
  synthesise();
} catch (error) {
  // The user's mistakes: all of them, and no stack trace.
  console.error(userMessage(error));
  process.exitCode = 1;
}

/** Configuration → stacks, each on top of the one before → Terraform's JSON. */
function synthesise(): void {
  const file = clusterFile(process.env);
  const { environment, ofCdktf, deploys } = environmentOfTerraform(process.env);
  const warn = (problem: Problem) => console.error(problemText(problem));
  const config = loadCluster(file, { environment, home: homedir(), warn });
  const unanswered = ofCdktf && !hasTerminal() ? checkAnswers(environment, config) : [];
  if (unanswered.length > 0) throw new ConfigurationError(unanswered);
  const manifest = readManifest(config.metallb, file, homedir());

  const app = new App();
  const stacks = [
    new NodesStack(app, "nodes", config),
    new KubeProxyStack(app, "kube-proxy", config),
    ...(manifest === undefined
      ? []
      : [
          new MetallbCrdsStack(app, "metallb-crds", { ...config, manifest }),
          new AddressPoolsStack(app, "address-pools", config),
        ]),
    new MetallbStack(app, "metallb", { ...config, manifest }),
  ];
  stacks.slice(1).forEach((stack, index) => stack.addDependency(stacks[index] as TerraformStack));

  const folders = stacks.map(({ node }) => ({ outdir: app.outdir, stack: node.id }));
  if (deploys) refuseStateElsewhere(config, folders);
  folders.flatMap((folder) => leftBehind(config, folder) ?? []).forEach(warn);
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
  for (const stack of stacks) placeLockFile({ outdir: app.outdir, stack: stack.node.id });
}
