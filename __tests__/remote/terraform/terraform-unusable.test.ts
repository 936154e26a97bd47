import { spawnSync } from "node:child_process";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ClusterConfig } from "../../../cluster/schema";
import { requireTerraform } from "../../../stacks/shared/constructs/terraform-version";
import { KubeProxyStack } from "../../../stacks/kube-proxy/kube-proxy-stack";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import { NodesStack } from "../../../stacks/nodes/nodes-stack";
import { cluster } from "../../cluster-fixture";
import { fault } from "../../faults";
import { synthesised } from "../../synthesised";
import { running, TerraformProject } from "../../terraform/terraform-project";
import { terraformFile } from "../../terraform-file";

const stacks: [string, new (scope: Construct, id: string, config: ClusterConfig) => TerraformStack][] = [
  ["nodes", NodesStack],
  ["kube-proxy", KubeProxyStack],
  ["metallb", MetallbStack],
];

describe("a Terraform that is too old", () => {
  test.each(stacks)(`${fault(45)}: the stack %s says which version it needs`, (id, Stack) => {
    expect(synthesised((app) => new Stack(app, id, cluster())).terraform["required_version"]).toBe(">= 1.5.0");
  });

  const terraform = spawnSync(terraformFile, ["version"]).status === 0;
  if (!terraform) console.warn("SKIPPED: what an old Terraform says, since Terraform is not installed");

  (terraform ? test : test.skip)(`${fault(45)}: it refuses at once, and names both versions`, async () => {
    // given: what 1.4 is to the stacks, this machine's Terraform is to a stack of the future
    const project = new TerraformProject("nodes").write((scope, id) => {
      const stack = new TerraformStack(scope, id);
      requireTerraform(stack, "99.0.0");
      return stack;
    });

    try {
      // when
      const { code, output } = await project.terraform("init", "-input=false");

      // then
      expect(code).toBe(1);
      expect(running(output)).toMatch(
        /Error: Unsupported Terraform Core version .* This configuration does not support Terraform version \d+\.\d+\.\d+\. To proceed, either choose another supported Terraform version or update this version constraint\./,
      );
      expect(output).toContain('"required_version": ">= 99.0.0"');
    } finally {
      project.dispose();
    }
  });
});
