import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Testing, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ClusterConfig } from "../../cluster/schema";
import { KubeProxyStack } from "../../stacks/kube-proxy/kube-proxy-stack";
import { NodesStack } from "../../stacks/nodes/nodes-stack";
import { scriptText } from "../../stacks/shared/script";
import { cluster, hostKeys } from "../cluster-fixture";
import { fault } from "../faults";

type Build = (scope: Construct, config: ClusterConfig) => TerraformStack;

describe.each<{ stack: string; scripts: readonly string[]; build: Build }>([
  {
    stack: "nodes",
    scripts: ["remove-preparation"],
    build: (scope, config) => new NodesStack(scope, "nodes", config),
  },
  {
    stack: "kube-proxy",
    scripts: ["restore-configuration", "restore-node"],
    build: (scope, config) => new KubeProxyStack(scope, "kube-proxy", config),
  },
])("the stack $stack of a cluster with many nodes", ({ stack, scripts, build }) => {
  const folder = (count: number) => {
    const nodes = Array.from({ length: count }, (_, index) => ({
      name: `node${100 + index}`,
      address: `192.168.1.${100 + index}`,
      role: index === 0 ? "control-plane" : "worker",
      hostKey: hostKeys.node1,
    }));
    const outdir = Testing.fullSynth(build(Testing.app(), cluster({ nodes })));
    outdirs.push(outdir);
    return join(outdir, "stacks", stack);
  };
  const outdirs: string[] = [];
  afterAll(() => outdirs.forEach((outdir) => rmSync(outdir, { recursive: true })));

  test(`${fault(147)}: the scripts that run at destroy are files, which no node repeats`, () => {
    const made = folder(3);
    expect(readdirSync(made)).toEqual(["cdk.tf.json", ...scripts.map((name) => `${name}.sh`)]);
    for (const name of scripts) {
      expect(readFileSync(join(made, `${name}.sh`), "utf8")).toBe(scriptText(`${stack as "nodes"}/${name}`));
    }
  });

  test(`${fault(147)}: one node more adds less than 10 KB to the configuration, which Terraform reads many times over`, () => {
    const size = (count: number) => readFileSync(join(folder(count), "cdk.tf.json")).length;
    const [few, more] = [size(3), size(13)];
    expect(more).toBeGreaterThan(few);
    expect((more - few) / 10).toBeLessThan(10_000);
  });
});
