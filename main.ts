import { homedir } from "node:os";
import { App, type TerraformStack } from "cdktf";
import { checkAnswers } from "./cluster/checks/environment";
import { clusterFile } from "./cluster/cluster-file";
import { environmentOfTerraform } from "./cluster/environment-of-terraform";
import { loadCluster } from "./cluster/load";
import { readManifest } from "./stacks/metallb/release/manifest";
import { placeLockFile } from "./stacks/shared/lock-file";
import { leftBehind, prepareLocalState } from "./stacks/shared/local-state";
import { prepareStackFolder } from "./stacks/shared/stack-folder";
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
  const { environment, ofCdktf } = environmentOfTerraform(process.env);
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

  for (const stack of stacks) {
    const folder = { outdir: app.outdir, stack: stack.node.id };
    prepareStackFolder(folder, config.state.backend);
    if (config.state.backend === "local") {
      prepareLocalState(config.name, folder);
    } else {
      const left = leftBehind(config.name, folder);
      if (left !== undefined) warn(left);
    }
  }
  app.synth();
  for (const stack of stacks) placeLockFile({ outdir: app.outdir, stack: stack.node.id });
}
