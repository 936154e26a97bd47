import { join } from "node:path";
import { proven } from "../../../lab/proven";
import { run } from "../../../lab/command";
import { repository } from "../../../lab/lab-settings";
import * as lab from "../../../lab/lab";
import { inNamespace } from "../../../lab/namespaces";
import { clusterNamespace } from "../../../lab/network-plan";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import {
  answer,
  configurationsDuring,
  diff,
  ipvsTraces,
  kubectl,
  kubeProxyConfiguration,
  noTraces,
  onNode,
} from "../core/cluster";
import { onLab } from "../core/on-lab";

// The way out of CDKTF: what cdktf has deployed goes on as HCL, over the same state.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];

const inCluster = (command: readonly string[], cwd: string, timeoutSeconds: number) =>
  run(inNamespace(clusterNamespace, command), { cwd, env: lab.clusterEnvironment(), timeoutSeconds });

const output = () => join(runFiles(lab.runningLab().lab).cdktfOutput, "..", "hcl.out");

const terraform = (stack: string, ...args: string[]) =>
  inCluster(["terraform", ...args, "-input=false", "-no-color"], join(output(), "stacks", stack), 900);

const [
  {
    kubernetes,
    metallb: [version],
  },
] = proven["matrix/hcl"].runs;

onLab("stacks that go on as HCL", () => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
    await answer(inCluster(["npm", "run", "-s", "synth:hcl", "--", output()], repository, 120));
  }, 2_400_000);

  test.each(stacks)(`${fault(160)}: terraform plan of %s changes nothing`, async (stack) => {
    await answer(terraform(stack, "init"));
    expect(await terraform(stack, "plan", "-detailed-exitcode")).toMatchObject({
      code: 0,
      output: expect.stringContaining("No changes."),
    });
  });

  test(`${fault(161)}: terraform destroy from above gives kube-proxy its own values back, and leaves nothing of IPVS`, async () => {
    const destroy = (stack: string) => answer(terraform(stack, "destroy", "-auto-approve"));
    for (const stack of ["metallb", "address-pools", "metallb-crds"]) await destroy(stack);
    const seen = await configurationsDuring(() => destroy("kube-proxy"));
    await destroy("nodes");

    // At no moment a ConfigMap without config.conf.
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.filter((text) => !text.includes("KubeProxyConfiguration"))).toEqual([]);
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "", ipvs: { strictARP: false, scheduler: "" } });
    const left = "find /etc /var/lib -name '*baremetal-lb*' -not -empty | grep . || echo nothing";
    for (const node of nodes) {
      expect(await onNode(node, "curl -s http://127.0.0.1:10249/proxyMode")).toBe("iptables");
      expect(await ipvsTraces(node)).toEqual(noTraces);
      expect(await onNode(node, left)).toBe("nothing");
    }
    expect(await kubectl("get", "namespaces", "-o", "name")).not.toContain("metallb-system");
    expect(await kubectl("-n", "kube-system", "get", "configmaps", "-o", "name")).not.toContain("baremetal-lb");
  });

  test(`${fault(160)}: cdktf sees in the same state that nothing is deployed`, async () => {
    expect((await diff("nodes")).output).toContain("Plan: 4 to add, 0 to change, 0 to destroy.");
  });
});
