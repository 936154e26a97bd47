import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { onLab } from "./on-lab";
import { fault } from "../../faults";
import { apply, diff, editKubeProxy, kubectl, kubeProxyConfiguration, onNode, pods } from "./cluster";
import { deletedByHand } from "./deleted-by-hand";
import { drift, heal, noDifferences } from "./drift";
import { polling } from "./poll";
import { resourcesInState } from "./state";
import { installUpstream, memberlistKey } from "./upstream-metallb";

// What is done with a cluster that was deployed: seen, repaired, taken over. Each test leaves it as it was.

const inSync = noDifferences("nodes", "kube-proxy", "metallb", "node1", "node2");

/** The id of a resource of the nodes stack: another one means that it was replaced. */
async function resourceId(node: string): Promise<unknown> {
  const found = (await resourcesInState("nodes")).find(({ name }) => name === node);
  return found?.instances[0]?.attributes["id"] ?? "none";
}

/** The lab's configuration with a pool that has no address of today's Services, and another line below metallb. */
function smallerPool(line: string): string {
  const { lab: running } = lab.runningLab();
  const text = readFileSync(runFiles(running).clusterConfig, "utf8");
  const file = join(running.run, "smaller.yaml");
  writeFileSync(
    file,
    text.replace("10.89.0.240-10.89.0.250", "10.89.0.246-10.89.0.249").replace("metallb:\n", `metallb:\n${line}`),
  );
  return file;
}

async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let waited = 0; waited < 60; waited += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  throw new Error(`${what}: not within 60 s`);
}

const addressOfWeb = () => kubectl("get", "service", "web", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}");

onLab("day two", () => {
  beforeAll(async () => {
    await lab.up({ nodes: 2 });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
  }, 2_400_000);

  test(`${fault(42)}: no drift, exit 0`, async () => {
    expect(await drift()).toMatchObject({ code: 0, said: inSync, report: { status: "in-sync" } });
  });

  test(`${fault(25)}: drift names four differences and exits 2; heal repairs just them`, async () => {
    const [node1, node2] = [await resourceId("node1"), await resourceId("node2")];
    await onNode("node2", "rmmod ip_vs_wrr && rm /etc/modules-load.d/baremetal-lb.conf");
    await editKubeProxy((text) => text.replace(/^"?mode"?: .*$/m, "mode: iptables"));
    await kubectl("-n", "metallb-system", "delete", "configmap", "config");

    expect(await drift()).toMatchObject({
      code: 2,
      said: {
        nodes: [],
        "kube-proxy": ["kube-proxy: mode is iptables, declared ipvs"],
        metallb: ["ConfigMap metallb-system/config is missing"],
        node1: [],
        node2: ["module ip_vs_wrr is not loaded", "/etc/modules-load.d/baremetal-lb.conf is missing"],
      },
    });

    await heal();
    expect(await resourceId("node1")).toBe(node1);
    expect(await resourceId("node2")).not.toBe(node2);
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    await lab.prove();
  });

  test(`${fault(25)}: a kernel setting of strictARP that somebody set back is seen, and repaired by a restart`, async () => {
    await onNode("node2", "sysctl -qw net.ipv4.conf.all.arp_ignore=0");
    expect(await drift()).toMatchObject({
      code: 2,
      said: { ...inSync, node2: ["net.ipv4.conf.all.arp_ignore is 0, strictARP sets 1"] },
    });
    await heal();
    expect(await onNode("node2", "cat /proc/sys/net/ipv4/conf/all/arp_ignore")).toBe("1");
  });

  test(`${fault(28)}: the same settings in another form, and another key's edit, are no drift and restart nothing`, async () => {
    const before = await pods("kube-system");
    // As kubeadm upgrade might: other quotes, another order.
    await editKubeProxy((text) => stringify(Object.fromEntries(Object.entries(parse(text)).reverse())));
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    await editKubeProxy((text) => text.replace(/^( *)maxPerCore: .*$/m, "$1maxPerCore: 41000"));
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    await apply("deploy", "nodes", "kube-proxy");
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs", conntrack: { maxPerCore: 41000 } });
    expect(await pods("kube-system")).toEqual(before);
    // A repair writes the text in Terraform's form again, which the tests of other files begin with.
    await editKubeProxy((text) => text.replace(/^mode: ipvs$/m, "mode: iptables"));
    await heal();
    expect(await kubeProxyConfiguration()).toMatchObject({ mode: "ipvs", conntrack: { maxPerCore: 41000 } });
  });

  test(`${fault(36)}: what was deleted by hand comes back, the memberlist secret with its value`, async () => {
    const key = await memberlistKey();
    await kubectl("-n", "metallb-system", "delete", "deployment/controller", "secret/memberlist");
    const { noChanges, output } = await diff("metallb");
    expect(noChanges).toBe(false);
    expect(output).toContain("kubernetes_deployment_v1.controller");
    await apply("deploy", "nodes", "kube-proxy", "metallb");
    expect(await memberlistKey()).toBe(key);
    expect(await drift()).toMatchObject({ code: 0 });
    await lab.prove();
  });

  test.each(deletedByHand)(
    `${fault(112)}: $what was deleted, and a deploy ends with a client that is answered`,
    async ({ object }) => {
      const { address } = await lab.prove();
      await kubectl("delete", ...object);
      await apply("deploy", "nodes", "kube-proxy", "metallb");
      expect(await lab.answer(address, 1)).toMatch(/^web-/);
      expect(await addressOfWeb()).toBe(address);
      expect(await drift()).toMatchObject({ code: 0, said: inSync });
    },
  );

  test(`${fault(35)}: pools without an address that a Service has are refused by the plan, which names the Service`, async () => {
    const address = await addressOfWeb();
    const file = smallerPool("");
    const { code, said } = await drift("--config", file);
    expect(code).toBe(1);
    expect(said.metallb).toEqual([
      `Services would lose their addresses, since no pool of cluster.yaml holds them: default/web (${address}). Add a range with them to metallb.pools, or set metallb.allowAddressLoss: true if it is meant.`,
    ]);
    expect(await addressOfWeb()).toBe(address);
  });

  test(`${fault(35)}: where the loss is meant the Service gets an address of the pools that are left, and back`, async () => {
    const file = smallerPool("  allowAddressLoss: true\n");
    await heal("--config", file);
    await until("an address of the smaller pool", async () => /^10\.89\.0\.24[6-9]$/.test(await addressOfWeb()));
    await lab.prove();
    // The pool as it was holds the new address too.
    await heal();
    await lab.prove();
  });

  test(`${fault(38)}, ${fault(41)}: MetalLB that was installed with kubectl is adopted under a client's eyes`, async () => {
    await apply("destroy", "metallb");
    const { kubernetes, metallb } = lab.runningLab().lab.versions;
    const key = await installUpstream(metallb, kubernetes);
    const { address } = await lab.prove();
    const secret = await memberlistKey();

    const planned = await lab.baremetalLb(["adopt", "--plan", "--json"]);
    const { imports, restarts } = JSON.parse(planned.stdout) as { imports: string[]; restarts: string[] };
    // The 15 objects, and the memberlist secret's value.
    expect(imports).toHaveLength(16);
    expect(planned.output).not.toContain(key.slice(0, 40));
    expect(restarts).toEqual(["DaemonSet metallb-system/speaker", "Deployment metallb-system/controller"]);

    // Of its own, since other runs on this machine have folders in the usual one.
    const temporary = mkdtempSync(join(tmpdir(), "adopt-"));
    const seen = await polling(address, async () => {
      const env = { TMPDIR: temporary };
      const { code, output } = await lab.baremetalLb(["adopt", "--yes"], { timeoutSeconds: 600, env });
      if (code !== 0) throw new Error(output);
      expect(output).not.toContain(key.slice(0, 40));
      await apply("deploy", "nodes", "kube-proxy", "metallb");
    });
    console.log(`adoption under a poll: ${JSON.stringify(seen)}`);
    expect(seen.requests).toBeGreaterThan(50);
    expect(seen.longestSilenceSeconds).toBeLessThanOrEqual(1);
    expect(await addressOfWeb()).toBe(address);
    expect(await memberlistKey()).toBe(secret);
    // Not on the disk of this machine either, but for the state.
    const { cdktfOutput } = runFiles(lab.runningLab().lab);
    expect(existsSync(`${cdktfOutput}.adopt`)).toBe(false);
    expect(readdirSync(temporary).filter((name) => name.startsWith("baremetal-lb-"))).toEqual([]);
    rmSync(temporary, { recursive: true });
    expect(await drift()).toMatchObject({ code: 0, said: inSync });

    const before = await pods("metallb-system");
    await apply("deploy", "nodes", "kube-proxy", "metallb");
    expect(await pods("metallb-system")).toEqual(before);
  });

  test("a lost state of metallb is adopted anew: the same pods, the same memberlist key", async () => {
    const [before, key] = [await pods("metallb-system"), await memberlistKey()];
    const state = join(runFiles(lab.runningLab().lab).cdktfOutput, "..", ".state", "lab", "metallb.tfstate");
    for (const file of [state, `${state}.backup`]) rmSync(file);
    const { code, output } = await lab.baremetalLb(["adopt", "--yes"]);
    if (code !== 0) throw new Error(output);
    expect(await drift()).toMatchObject({ code: 0, said: inSync });
    expect(await pods("metallb-system")).toEqual(before);
    expect(await memberlistKey()).toBe(key);
  });

  test(`${fault(37)}: a node dies, and its address answers from another within 10 s`, async () => {
    const { address, node } = await lab.prove();
    const other = node === "node1" ? "node2" : "node1";
    const start = Date.now();
    await lab.stopNode(node);
    try {
      let seen: string[] = [];
      while (seen.join() !== lab.findNode(other).mac && Date.now() - start < 10_000) seen = await lab.macsFor(address);
      const seconds = (Date.now() - start) / 1000;
      expect(seen).toEqual([lab.findNode(other).mac]);
      expect(seconds).toBeLessThanOrEqual(10);
      // Half of the requests still go to the dead node's pod, until Kubernetes takes it out.
      expect(await lab.answer(address, 20)).toMatch(/^web-/);
      console.log(`a dead node's address was announced by ${other} after ${seconds.toFixed(1)} s`);
    } finally {
      await lab.startNode(node);
    }
    await lab.prove();
  });
});
