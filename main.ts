import { homedir } from "node:os";
import { App } from "cdktf";
import { clusterFile } from "./config/cluster-file";
import { loadCluster } from "./config/load";
import { prepareLocalState } from "./config/local-state";
import { ConfigurationError, problemText } from "./config/problem";
import { KubeProxyStack } from "./stacks/kube-proxy-stack";
import { MetallbStack } from "./stacks/metallb-stack";
import { NodesStack } from "./stacks/nodes-stack";

try {
  synthesise();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // The user's mistakes: all of them, and no stack trace.
  error.problems.forEach((problem) => console.error(problemText(problem)));
  process.exitCode = 1;
}

/** Configuration → stacks, each on top of the one before → Terraform's JSON. */
function synthesise(): void {
  const config = loadCluster(clusterFile(process.env), {
    environment: process.env,
    home: homedir(),
    warn: (problem) => console.error(problemText(problem)),
  });

  const app = new App();
  const nodes = new NodesStack(app, "nodes", config);
  const kubeProxy = new KubeProxyStack(app, "kube-proxy", config);
  const metallb = new MetallbStack(app, "metallb", config);
  kubeProxy.addDependency(nodes);
  metallb.addDependency(kubeProxy);

  if (config.state.backend === "local") {
    for (const stack of [nodes, kubeProxy, metallb]) {
      prepareLocalState(config.name, { outdir: app.outdir, stack: stack.node.id });
    }
  }
  app.synth();
}
