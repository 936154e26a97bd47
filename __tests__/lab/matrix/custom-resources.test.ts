import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { proven } from "../../../lab/proven";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { upstreamManifestFile } from "../../stacks/metallb/upstream-manifest";
import { fault } from "../../faults";
import { apply, diff, ipvsTraces, kubectl, noTraces, pods } from "../core/cluster";
import { deletedByHand } from "../core/deleted-by-hand";
import { drift, heal, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";

// The whole path for MetalLB as it is configured by custom resources: from zero to nothing left.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];

const noDrift = noDifferences(...stacks, ...nodes);

const runs = proven["matrix/custom-resources"].runs.map(({ metallb: [version], ...run }) => ({ ...run, version }));

onLab.each(runs)("MetalLB $version on Kubernetes $kubernetes", ({ kubernetes, kernel, version }) => {
  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, kernel, metallb: version });
  }, 2_400_000);

  test("metallb is refused by its plan while the pools are missing", async () => {
    const { noChanges, output } = await diff("metallb");
    expect(noChanges).toBe(false);
    expect(output.replace(/[│\s]+/g, " ")).toContain("kube-proxy has not proven strictARP in this cluster");
  });

  test("cdktf deploy of every stack works from kubeadm's defaults", async () => {
    await lab.deploy();
    const { lab: running } = lab.runningLab();
    const manifest = JSON.parse(readFileSync(join(runFiles(running).cdktfOutput, "manifest.json"), "utf8"));
    expect(Object.keys(manifest.stacks).sort()).toEqual([...stacks].sort());
  });

  test("a LoadBalancer Service answers a host outside of the cluster, through one MAC, from both replicas", async () => {
    await lab.applyWeb();
    const proof = await lab.prove();
    expect(proof.replicas).toHaveLength(2);
  });

  test.each(stacks)(`a second cdktf diff %s says no changes (${fault(267)})`, async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test("a second deploy restarts no pod", async () => {
    const before = [...(await pods("kube-system")), ...(await pods("metallb-system"))];
    await lab.deploy();
    expect([...(await pods("kube-system")), ...(await pods("metallb-system"))]).toEqual(before);
  });

  test("upstream's manifest, applied on top, would change nothing but the order of verbs", async () => {
    const { output } = await lab.kubectl(["diff", "--server-side=false", "-f", upstreamManifestFile(version)], {
      timeoutSeconds: 120,
    });
    const ofOthers = [
      // kubectl's own note, which it would add to each object, and an empty field of upstream's generator.
      /generation:|last-applied-configuration|^\+ *\{"apiVersion"|^[+-] +annotations: *(\{\})?$/,
      // Who wrote which field, which kubectl shows up to 1.20.
      /^[+-]( +f:\S+:| {2}- apiVersion:| {4}(fieldsType|fieldsV1|manager|operation|time):)/,
      // Up to 0.14 upstream's CRDs have a CA, in whose place the controller puts its own.
      /^[+-] +caBundle: /,
    ];
    const changed = output
      .split("\n")
      .filter((line) => /^[+-](?![+-])/.test(line) && !ofOthers.some((pattern) => pattern.test(line)));
    // Terraform's provider takes a rule's verbs for a set, and sorts them.
    const moved = (sign: string) =>
      changed
        .filter((line) => line.startsWith(sign))
        .map((line) => line.slice(1))
        .sort();
    expect(moved("+")).toEqual(moved("-"));
    expect(
      changed.filter((line) => !/^[+-] +- (create|delete|get|list|patch|update|watch|use|'\*')$/.test(line)),
    ).toEqual([]);
  });

  test("the webhook refuses a pool that overlaps with another", async () => {
    const pool = {
      apiVersion: "metallb.io/v1beta1",
      kind: "IPAddressPool",
      metadata: { name: "other", namespace: "metallb-system" },
      spec: { addresses: ["10.89.0.245-10.89.0.246"] },
    };
    const { code, output } = await lab.kubectl(["create", "-f", "-"], { input: JSON.stringify(pool) });
    expect(code).not.toBe(0);
    expect(output).toContain("overlaps with already defined CIDR");
  });

  test("drift is none, is named where there is some, and is repaired", async () => {
    expect(await drift()).toMatchObject({ code: 0, said: noDrift });
    const patch = JSON.stringify({ spec: { addresses: ["10.89.0.240-10.89.0.249"], autoAssign: false } });
    await kubectl("-n", "metallb-system", "patch", "ipaddresspool", "default", "--type=merge", "-p", patch);
    await kubectl("-n", "metallb-system", "delete", "l2advertisement", "default");
    await kubectl("-n", "metallb-system", "delete", "validatingwebhookconfiguration", "metallb-webhook-configuration");
    const { code, said } = await drift();
    expect(code).toBe(2);
    expect(said).toEqual({
      ...noDrift,
      "address-pools": [
        "IPAddressPool metallb-system/default: spec.addresses is 10.89.0.240-10.89.0.249, declared 10.89.0.240-10.89.0.250",
        "IPAddressPool metallb-system/default: spec.autoAssign is false, declared true",
        "L2Advertisement metallb-system/default is missing",
      ],
      metallb: ["ValidatingWebhookConfiguration metallb-webhook-configuration is missing"],
    });

    await heal();
    expect(await drift()).toMatchObject({ code: 0, said: noDrift });
    await lab.prove();
  });

  test.each(deletedByHand)(
    `${fault(112)}: $what was deleted, and a deploy ends with a client that is answered`,
    async ({ object }) => {
      const { address } = await lab.prove();
      await kubectl("delete", ...object);
      await lab.deploy();
      expect(await lab.answer(address, 1)).toMatch(/^web-/);
      expect(await drift()).toMatchObject({ code: 0, said: noDrift });
    },
  );

  test("verify --service finds nothing wrong", async () => {
    const { code, output } = await lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 });
    if (code !== 0) throw new Error(output);
  });

  test("pools that would take a Service's address away are refused by the plan", async () => {
    const { lab: running } = lab.runningLab();
    const text = readFileSync(runFiles(running).clusterConfig, "utf8");
    await withConfiguration(text.replace("10.89.0.240-10.89.0.250", "10.89.0.246-10.89.0.249"), async () => {
      const { output } = await diff("address-pools");
      expect(output.replace(/[│\s]+/g, " ")).toContain(
        "Services would lose their addresses, since no pool of cluster.yaml holds them: default/web (10.89.0.240).",
      );
    });
  });

  test("destroy leaves nothing", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
    expect(
      await kubectl("get", "validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-o", "name"),
    ).not.toContain("metallb");
    for (const node of nodes) expect(await ipvsTraces(node)).toEqual(noTraces);
  });

  test("what was destroyed can be deployed again", async () => {
    await apply("deploy", "*");
    await lab.prove();
  });
});

/** Does something with another configuration in the place of the lab's. */
async function withConfiguration(text: string, work: () => Promise<unknown>): Promise<void> {
  const { clusterConfig } = runFiles(lab.runningLab().lab);
  const before = readFileSync(clusterConfig, "utf8");
  writeFileSync(clusterConfig, text);
  try {
    await work();
  } finally {
    writeFileSync(clusterConfig, before);
  }
}
