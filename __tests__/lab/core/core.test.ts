import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { clusterSchema } from "../../../cluster/schema";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { kubeProxyModes } from "../../../stacks/kube-proxy/modes";
import { onLab } from "./on-lab";
import { fault } from "../../faults";
import {
  apply,
  configurationsDuring,
  diff,
  editKubeProxy,
  ipvsTraces,
  kubectl,
  kubeProxyConfiguration,
  kubeProxyText,
  noTraces,
  onNode,
  pods,
} from "./cluster";
import { resourcesInState } from "./state";

// The life of a deployment on a real cluster, from zero: one step after the other, each on what the one before left.

const stacks = ["nodes", "kube-proxy", "metallb"];
const nodes = ["node1", "node2"];
const modules = [...kubeProxyModes.ipvs.modules, "nf_conntrack"];

/** What a cluster.yaml declares of a cluster, wherever its kubeconfig is. */
function declaredBy(file: string) {
  const { name, kubernetes, ssh, nodes, kubeProxy, metallb } = clusterSchema.parse(parse(readFileSync(file, "utf8")));
  return {
    name,
    kubernetes: { ...kubernetes, credentials: kubernetes.credentials.source },
    ssh,
    nodes,
    kubeProxy,
    metallb,
  };
}

onLab("a deployment's life", () => {
  let original: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length });
    original = await kubeProxyText();
  }, 2_400_000);

  test("the nodes start without what the nodes stack is to install", async () => {
    expect(
      await onNode("node1", "command -v ipset ipvsadm || echo neither; grep -c ^ip_vs /proc/modules || true"),
    ).toBe("neither\n0");
  });

  test(`${fault(27)}: a cluster without kubeadm's ConfigMap is refused, and nothing is written`, async () => {
    const configMap = await kubectl("-n", "kube-system", "get", "configmap", "kube-proxy", "-o", "json");
    await kubectl("-n", "kube-system", "delete", "configmap", "kube-proxy");
    try {
      const { output } = await diff("kube-proxy");
      expect(output.replace(/[│\s]+/g, " ")).toContain(
        "ConfigMap kube-system/kube-proxy does not exist: this cluster's kube-proxy was not set up by kubeadm",
      );
    } finally {
      await lab.kubectl(["create", "-f", "-"], { input: configMap });
    }
  });

  test(`${fault(44)}: kube-proxy is not touched where the nodes stack was not deployed`, async () => {
    const { code, output } = await lab.cdktf([
      "deploy",
      "kube-proxy",
      "--auto-approve",
      "--skip-provider-lock",
      "--ignore-missing-stack-dependencies",
    ]);
    expect(code).not.toBe(0);
    expect(output).toContain(
      "baremetal-lb: node1: kernel module ip_vs is not loaded, kube-proxy was not touched: deploy the stack nodes first",
    );
    expect(await kubeProxyText()).toBe(original);
  });

  test(`${fault(44)}: metallb is refused by its plan until kube-proxy has proven strictARP`, async () => {
    const { output } = await diff("metallb");
    expect(output.replace(/[│\s]+/g, " ")).toContain(
      "kube-proxy has not proven strictARP in this cluster: deploy the stack kube-proxy first (npx cdktf deploy nodes kube-proxy).",
    );
  });

  test("cdktf deploy of every stack works from kubeadm's defaults", async () => {
    await lab.deploy();
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs", ipvs: { strictARP: true, scheduler: "rr" } });
  });

  test("a LoadBalancer Service answers a host outside of the cluster, through one MAC, from both replicas", async () => {
    await lab.applyWeb();
    const proof = await lab.prove();
    expect(proof.replicas).toHaveLength(2);
    expect(nodes).toContain(proof.node);
  });

  test(`${fault(206)}: init writes a cluster.yaml that declares what was deployed`, async () => {
    const { clusterConfig, kubeconfig, sshKey } = runFiles(lab.runningLab().lab);
    const file = join(mkdtempSync(join(tmpdir(), "init-")), "cluster.yaml");
    const of = ["--kubeconfig", kubeconfig, "--ssh-user", "ops", "--ssh-key", sshKey];
    const { code, output } = await lab.baremetalLb(["init", ...of, "--trust", "--yes", "--output", file]);
    if (code !== 0) throw new Error(output);
    expect(declaredBy(file)).toEqual(declaredBy(clusterConfig));
    rmSync(dirname(file), { recursive: true });
  });

  test(`${fault(270)}: init --from-nodes writes the same over SSH, and no kubeconfig leaves a node`, async () => {
    const { clusterConfig, sshKey } = runFiles(lab.runningLab().lab);
    const folder = mkdtempSync(join(tmpdir(), "init-"));
    const file = join(folder, "cluster.yaml");
    const named = lab.runningLab().nodes.map(({ address }) => `ops@${address}`);
    const { code, output } = await lab.baremetalLb(
      ["init", "--from-nodes", ...named, "--ssh-key", sshKey, "--yes", "--output", file],
      { env: { HOME: folder, KUBECONFIG: join(folder, "none") } },
    );
    if (code !== 0) throw new Error(output);
    expect(declaredBy(file)).toEqual(declaredBy(clusterConfig));
    expect(output).toMatch(
      /\nNext: \(umask 077; mkdir -p ~\/\.kube; ssh -i .*cat \/etc\/kubernetes\/admin\.conf > ~\/\.kube\//,
    );
    expect(readdirSync(folder).sort()).toEqual([".gitignore", "cluster.yaml"]);
    rmSync(folder, { recursive: true });
  });

  test(`${fault(41)}: state is for its owner alone, and no secret is in the synthesised files`, async () => {
    const { cdktfOutput, sshKey } = runFiles(lab.runningLab().lab);
    const state = join(cdktfOutput, "..", ".state", "lab");
    const modes = readdirSync(state).map((file) => (statSync(join(state, file)).mode & 0o777).toString(8));
    expect(new Set(modes)).toEqual(new Set(["600"]));

    const kept = (await resourcesInState("metallb")).find(({ type }) => type === "random_password");
    const secret = String(kept?.instances[0]?.attributes["result"]);
    expect(secret).toHaveLength(128);
    const [, keyLine = ""] = readFileSync(sshKey, "utf8").split("\n");
    for (const stack of stacks) {
      const text = readFileSync(join(cdktfOutput, "stacks", stack, "cdk.tf.json"), "utf8");
      expect(text).not.toContain(secret);
      expect(text).not.toContain(keyLine);
    }
  });

  test.each(stacks)(`${fault(40)}: a second cdktf diff %s says no changes`, async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test(`${fault(40)}: a second deploy restarts no pod`, async () => {
    const before = [...(await pods("kube-system")), ...(await pods("metallb-system"))];
    await lab.deploy();
    expect([...(await pods("kube-system")), ...(await pods("metallb-system"))]).toEqual(before);
  });

  test(`${fault(28)}: mode and strictARP are put back with a restart; another key keeps its edit`, async () => {
    const before = await pods("kube-system");
    await editKubeProxy((text) =>
      text
        .replace(/^"mode": "ipvs"$/m, '"mode": ""')
        .replace(/^ {2}"strictARP": true$/m, '  "strictARP": false')
        .replace(/^ {2}"maxPerCore": null$/m, '  "maxPerCore": 40000'),
    );
    expect((await diff("kube-proxy")).noChanges).toBe(false);
    await apply("deploy", ...stacks);
    expect(await kubeProxyConfiguration()).toMatchObject({
      mode: "ipvs",
      ipvs: { strictARP: true },
      conntrack: { maxPerCore: 40000 },
    });
    const after = await pods("kube-system");
    expect(after).toHaveLength(before.length);
    expect(after.filter((pod) => before.includes(pod))).toEqual([]);
    expect((await diff("kube-proxy")).noChanges).toBe(true);
    await lab.prove();
  });

  test("the original settings, deleted by hand, come back as they were", async () => {
    const settings = ["get", "configmap", "baremetal-lb-kube-proxy-original", "-o", "jsonpath={.data.settings\\.json}"];
    const kept = JSON.stringify({ ipvs: { scheduler: "", strictARP: false }, mode: "" });
    expect(await kubectl("-n", "kube-system", ...settings)).toBe(kept);
    await kubectl("-n", "kube-system", "delete", "configmap", "baremetal-lb-kube-proxy-original");
    await apply("deploy", "nodes", "kube-proxy");
    expect(await kubectl("-n", "kube-system", ...settings)).toBe(kept);
  });

  test(`${fault(24)}: a rebooted node loads the modules again, with no apply`, async () => {
    const boot = await onNode("node2", "cat /proc/sys/kernel/random/boot_id");
    await lab.rebootNode("node2");
    expect(await onNode("node2", "cat /proc/sys/kernel/random/boot_id")).not.toBe(boot);
    const loaded = await onNode("node2", "cut -d ' ' -f 1 /proc/modules; cat /lib/modules/$(uname -r)/modules.builtin");
    expect(modules.filter((module) => !new RegExp(`(^|/)${module}(\\.ko)?$`, "m").test(loaded))).toEqual([]);
    await lab.prove();
  });

  test(`${fault(31)}: destroy gives our keys their original values, keeps other edits, and leaves nothing of IPVS`, async () => {
    await editKubeProxy((text) => text.replace(/^ {2}"maxPerCore": 40000$/m, '  "maxPerCore": 50000'));
    const seen = await configurationsDuring(() => apply("destroy", ...stacks));

    // At no moment a ConfigMap without config.conf.
    expect(seen.length).toBeGreaterThanOrEqual(2);
    expect(seen.filter((text) => !text.includes("KubeProxyConfiguration"))).toEqual([]);

    expect(await kubeProxyConfiguration()).toMatchObject({
      mode: "",
      ipvs: { strictARP: false, scheduler: "" },
      conntrack: { maxPerCore: 50000 },
    });
    // Terraform itself leaves an empty file in /tmp for each script that it ran.
    const left = "find /etc /var/lib /tmp -name '*baremetal-lb*' -not -empty | grep . || echo nothing";
    for (const node of nodes) {
      expect(await onNode(node, "curl -s http://127.0.0.1:10249/proxyMode")).toBe("iptables");
      expect(await ipvsTraces(node)).toEqual(noTraces);
      expect(await onNode(node, left)).toBe("nothing");
    }
    expect(await kubectl("get", "namespaces", "-o", "name")).not.toContain("metallb-system");
    expect(await kubectl("-n", "kube-system", "get", "configmaps", "-o", "name")).not.toContain("baremetal-lb");
  });

  test("what was destroyed can be deployed again", async () => {
    await lab.deploy();
    await lab.prove();
  });
});
