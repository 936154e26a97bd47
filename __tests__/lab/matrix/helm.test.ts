import { readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import * as lab from "../../../lab/lab";
import { familyPlans } from "../../../lab/network-plan";
import { proven } from "../../../lab/proven";
import { runFiles } from "../../../lab/run-files";
import { waitFor } from "../../../lab/wait";
import { fault } from "../../faults";
import { upstreamFolder } from "../../stacks/metallb/upstream-manifest";
import { answer, apply, diff, kubectl, pods } from "../core/cluster";
import { drift, noDifferences } from "../core/drift";
import { exposeWeb, serviceAddresses } from "../core/metallb-version";
import { onLabWith } from "../core/on-lab";
import { polling } from "../core/poll";

// A MetalLB that Helm installed, out of upstream's chart, as upstream's page says: looked at as it is, refused by the
// stacks, and moved to them by the steps that the refusal names.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];
const release = "metallb";
const namespace = "metallb-system";

const [
  {
    kubernetes,
    metallb: [version],
    modes: [mode],
    kernel,
  },
] = proven["matrix/helm"].runs;

/** The chart comes with MetalLB's Go module, the charts that it depends on as well. No FRR: the lab has no image of it. */
const installed = () => [
  ...["install", release, join(upstreamFolder(version), "charts/metallb"), "--namespace", namespace],
  ...["--create-namespace", "--wait", "--timeout", "3m"],
  ...["--set", "speaker.frr.enabled=false", "--set", "speaker.logLevel=debug"],
];

const pool = [
  { kind: "IPAddressPool", spec: { addresses: [familyPlans.IPv4.addressPool] } },
  { kind: "L2Advertisement", spec: { ipAddressPools: ["default"] } },
].map((one) => ({ apiVersion: "metallb.io/v1beta1", metadata: { name: "default", namespace }, ...one }));

/** Helm waits for the controller; its webhook, which judges pools, takes a moment more. */
async function applyPool(): Promise<void> {
  const input = pool.map((one) => JSON.stringify(one)).join("\n---\n");
  let said = "";
  await waitFor({ what: "the pool", timeoutSeconds: 90, intervalSeconds: 2, seen: () => said }, async () => {
    const { code, output } = await lab.kubectl(["apply", "-f", "-"], { input });
    said = output;
    return code === 0 ? true : undefined;
  });
}

const found = `Deployment ${namespace}/metallb-controller (Helm release ${release}), DaemonSet ${namespace}/metallb-speaker (Helm release ${release})`;

/** The commands of the steps, as the refusal has them. */
const commandsOf = (refusal: string): string[] =>
  [...refusal.matchAll(/\b(kubectl|helm|npx baremetal-lb|npx cdktf) .+?(?=[;,]|\. )/g)].map(([command]) => command);

/** Runs a command that a person was told to type. */
async function typed(command: string): Promise<void> {
  const [program, ...args] = command.replace(/^npx /, "").replaceAll("'", "").split(" ");
  switch (program) {
    case "kubectl":
      return void (await answer(lab.kubectl(args)));
    case "helm":
      return void (await answer(lab.helm(args)));
    case "baremetal-lb":
      return void (await answer(lab.baremetalLb([...args, "--yes"], { timeoutSeconds: 600 })));
    case "cdktf":
      return void (await answer(lab.cdktf([...args, "--auto-approve", "--skip-provider-lock"])));
    default:
      throw new Error(`${command}: no step is known by this program`);
  }
}

const everyPod = async (): Promise<string[]> => [...(await pods("kube-system")), ...(await pods(namespace))];

onLabWith({ kubernetes, metallb: version, kernel })(`MetalLB ${version} of a Helm release`, () => {
  let addresses: string[];
  let refusal: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version, kernel });
    await answer(lab.helm(installed(), { timeoutSeconds: 240 }));
    await applyPool();
    await lab.applyWeb();
    await lab.prove();
    // In an order that is not that of their names.
    await exposeWeb("bbb", "aaa");
    addresses = await serviceAddresses();
  }, 3_600_000);

  test(`${fault(94)}: init writes a cluster.yaml that describes it`, async () => {
    const { clusterConfig, kubeconfig, sshKey } = runFiles(lab.runningLab().lab);
    renameSync(clusterConfig, `${clusterConfig}.before`);
    const of = ["--kubeconfig", kubeconfig, "--ssh-user", "ops", "--ssh-key", sshKey];
    const output = await answer(lab.baremetalLb(["init", ...of, "--trust", "--yes", "--output", clusterConfig]));
    expect(output).toContain(`MetalLB ${version}, the Helm release ${release}, 1 pool`);
    const { kubeProxy, metallb } = parse(readFileSync(clusterConfig, "utf8"));
    expect({ kubeProxy, metallb }).toEqual({
      kubeProxy: { mode },
      metallb: {
        version,
        speaker: { logLevel: "debug" },
        pools: [{ name: "default", protocol: "layer2", addresses: [familyPlans.IPv4.addressPool] }],
      },
    });
  });

  test(`${fault(94)}: verify and status look at it as it is, and find nothing wrong`, async () => {
    await apply("deploy", "nodes", "kube-proxy");
    await answer(lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 }));
    const { notes } = JSON.parse(await answer(lab.baremetalLb(["status", "--json"])));
    expect(notes).toContain(
      `MetalLB is the Helm release ${release} (Deployment ${namespace}/metallb-controller), and looked at as it is`,
    );
  });

  test(`${fault(94)}: adopt and the plans refuse it, with the same steps, and change nothing`, async () => {
    const before = { pods: await everyPod(), releases: await answer(lab.helm(["list", "-A", "-o", "json"])) };
    const { code, output } = await lab.baremetalLb(["adopt", "--plan"]);
    expect(code).toBe(1);
    refusal = /nothing was adopted: (another MetalLB is in this cluster: .*)/.exec(output)?.[1] ?? output;
    expect(refusal).toContain(`another MetalLB is in this cluster: ${found}.`);
    for (const stack of ["metallb-crds", "metallb"]) {
      const said = (await diff(stack)).output.replace(/[│\s]+/g, " ");
      expect(said).toContain(refusal.replace(/^a/, "A").split(". Side by side")[0]);
      for (const command of commandsOf(refusal)) expect(said).toContain(command);
    }
    expect({ pods: await everyPod(), releases: await answer(lab.helm(["list", "-A", "-o", "json"])) }).toEqual(before);
  });

  test(`${fault(94)}: the steps move it to these stacks, and Services keep their addresses`, async () => {
    const commands = commandsOf(refusal);
    const took: string[] = [];
    const seen = await polling(addresses[0]?.split("=")[1] ?? "", async () => {
      for (const command of commands) {
        const start = Date.now();
        await typed(command);
        took.push(`${((Date.now() - start) / 1000).toFixed(1)} s ${command}`);
      }
    });
    console.info(`a Helm release moved: ${JSON.stringify(seen)}\n${took.join("\n")}`);
    expect(await serviceAddresses()).toEqual(addresses);
    await lab.prove();
  }, 1_200_000);

  test("nothing of the release is left, and nothing is there twice", async () => {
    expect(JSON.parse(await answer(lab.helm(["list", "--all", "-A", "-o", "json"])))).toEqual([]);
    expect(await kubectl("get", "secrets", "-A", "-l", "owner=helm", "-o", "name")).toBe("");
    const workloads = ["-n", namespace, "get", "deployments,daemonsets", "-o", "name"];
    expect((await kubectl(...workloads)).split("\n").sort()).toEqual([
      "daemonset.apps/speaker",
      "deployment.apps/controller",
    ]);
    const helms = ["-A", "-l", "app.kubernetes.io/managed-by=Helm", "-o", "name"];
    const kinds =
      "crds,secrets,configmaps,services,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings";
    expect(await kubectl("get", `${kinds},validatingwebhookconfigurations`, ...helms)).toBe("");
  });

  test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
    const { noChanges, output } = await diff(stack);
    if (!noChanges) throw new Error(output);
  });

  test("no drift, verify finds nothing wrong, and a second deploy restarts no pod", async () => {
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
    await answer(lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 }));
    const before = await everyPod();
    await lab.deploy();
    expect(await everyPod()).toEqual(before);
  });

  test("destroy leaves nothing", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
    expect(
      await kubectl("get", "validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-o", "name"),
    ).not.toContain("metallb");
  }, 900_000);
});
