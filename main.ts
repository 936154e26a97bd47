import { App, type TerraformStack } from "cdktf";
import { loadForSynthesis, synthesiseStacks } from "./cluster/synthesis";
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
  const cluster = loadForSynthesis();
  const { config, manifest } = cluster;

  // CDKTF would run `terraform version`, twice for each terraform_data, import and moved block. The stacks' required_version
  // says the same to the Terraform that runs them; that each stack has its providers is for the tests.
  const app = new App({ skipValidation: true });
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

  synthesiseStacks(app, stacks, cluster);
}
