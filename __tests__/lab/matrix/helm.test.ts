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
import { polling, type PollResult } from "../core/poll";

// A MetalLB that Helm installed, out of upstream's chart: looked at as it is, and adopted where it is in the namespace of
// these stacks; elsewhere refused, and moved by the steps that the refusal names.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2"];
const namespace = "metallb-system";

const [
  {
    kubernetes,
    metallb: [version],
    modes: [mode],
    kernel,
  },
] = proven["matrix/helm"].runs;

/**
 * Installs a release, and its pool. The chart comes with MetalLB's Go module, the charts that it depends on as well. No FRR:
 * the lab has no image of it.
 */
async function install(release: string, into: string): Promise<void> {
  const chart = join(upstreamFolder(version), "charts/metallb");
  const options = ["--namespace", into, "--create-namespace", "--wait", "--timeout", "3m"];
  const values = ["--set", "speaker.frr.enabled=false", "--set", "speaker.logLevel=debug"];
  await answer(lab.helm(["install", release, chart, ...options, ...values], { timeoutSeconds: 240 }));
  const pool = [
    { kind: "IPAddressPool", spec: { addresses: [familyPlans.IPv4.addressPool] } },
    { kind: "L2Advertisement", spec: { ipAddressPools: ["default"] } },
  ].map((one) => ({ apiVersion: "metallb.io/v1beta1", metadata: { name: "default", namespace: into }, ...one }));
  const input = pool.map((one) => JSON.stringify(one)).join("\n---\n");
  let said = "";
  // Helm waits for the controller; its webhook, which judges pools, takes a moment more.
  await waitFor({ what: "the pool", timeoutSeconds: 90, intervalSeconds: 2, seen: () => said }, async () => {
    const { code, output } = await lab.kubectl(["apply", "-f", "-"], { input });
    said = output;
    return code === 0 ? true : undefined;
  });
}

/** The commands of the steps, as the refusal has them. */
const commandsOf = (refusal: string): string[] =>
  [...refusal.matchAll(/\d\. [^;]*?\b((?:kubectl|helm|npx) .+?)(?=[;,]|\. )/g)].map(([, command = ""]) => command);

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

const found = (release: string, into: string) => {
  const [controller, speaker] = ["controller", "speaker"].map((name) =>
    release === "metallb" ? `metallb-${name}` : `${release}-metallb-${name}`,
  );
  return `nother MetalLB is in this cluster: Deployment ${into}/${controller} (Helm release ${release}), DaemonSet ${into}/${speaker} (Helm release ${release}).`;
};

const releases = () => answer(lab.helm(["list", "--all", "-A", "-o", "json"]));

/** What is there twice, or of Helm still. */
async function leftOfHelm(): Promise<unknown> {
  const workloads = ["-n", namespace, "get", "deployments,daemonsets", "-o", "name"];
  const helms = ["-A", "-l", "app.kubernetes.io/managed-by=Helm", "-o", "name"];
  const kinds = "configmaps,services,serviceaccounts,roles,rolebindings,clusterroles,clusterrolebindings";
  return {
    releases: JSON.parse(await releases()),
    records: await kubectl("get", "secrets", "-A", "-l", "owner=helm", "-o", "name"),
    workloads: (await kubectl(...workloads)).split("\n").sort(),
    objects: await kubectl("get", kinds, ...helms),
    secrets: (await kubectl("-n", namespace, "get", "secrets", "-o", "name")).split("\n").sort(),
  };
}

const nothingOfHelm = {
  releases: [],
  records: "",
  workloads: ["daemonset.apps/speaker", "deployment.apps/controller"],
  objects: "",
  secrets: ["secret/memberlist", "secret/metallb-webhook-cert"],
};

const everyPod = async (): Promise<string[]> => [...(await pods("kube-system")), ...(await pods(namespace))];

onLabWith({ kubernetes, metallb: version, kernel })(`MetalLB ${version} of a Helm release`, () => {
  let addresses: string[];

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version, kernel });
    await install("metallb", namespace);
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
    expect(output).toContain(`MetalLB ${version}, the Helm release metallb, 1 pool`);
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
      `MetalLB is the Helm release metallb (Deployment ${namespace}/metallb-controller), and looked at as it is`,
    );
  });

  test(`${fault(94)}: plans refuse it, and adopt --plan says what it would do; nothing is changed`, async () => {
    const before = { pods: await everyPod(), releases: await releases() };
    for (const stack of ["metallb-crds", "metallb"]) {
      const said = (await diff(stack)).output.replace(/[│\s]+/g, " ");
      expect(said).toContain(found("metallb", namespace));
    }
    const { imports, release } = JSON.parse(await answer(lab.baremetalLb(["adopt", "--plan", "--json"])));
    expect(imports).toEqual(
      expect.arrayContaining([
        "CustomResourceDefinition ipaddresspools.metallb.io",
        `IPAddressPool ${namespace}/default`,
        `L2Advertisement ${namespace}/default`,
        "ValidatingWebhookConfiguration metallb-webhook-configuration",
      ]),
    );
    expect(release).toMatchObject({ name: "metallb" });
    expect(release.deletes.slice(0, 2)).toEqual([
      `Deployment ${namespace}/metallb-controller`,
      `DaemonSet ${namespace}/metallb-speaker`,
    ]);
    expect({ pods: await everyPod(), releases: await releases() }).toEqual(before);
  });

  test(`${fault(94)}: adopt takes it over under a client's eyes, and Services keep their addresses`, async () => {
    const pool = ["-n", namespace, "get", "ipaddresspool", "default", "-o", "jsonpath={.metadata.uid}"];
    const before = await kubectl(...pool);
    const [, known = ""] = addresses[0]?.split("=") ?? [];
    const [, unknown = ""] = addresses[1]?.split("=") ?? [];
    let strange: PollResult | undefined;
    const seen = await polling(known, async () => {
      strange = await polling(unknown, () => typed("npx baremetal-lb adopt"), { asStranger: true });
    });
    console.info(`a Helm release adopted: ${JSON.stringify(seen)}, as a stranger: ${JSON.stringify(strange)}`);
    expect(await serviceAddresses()).toEqual(addresses);
    expect(seen.longestSilenceSeconds).toBeLessThan(10);
    expect(strange?.longestSilenceSeconds).toBeLessThan(60);
    expect(await kubectl(...pool)).toBe(before);
    await lab.prove();
  }, 900_000);

  test("nothing of the release is left, and nothing is there twice", async () => {
    expect(await leftOfHelm()).toEqual(nothingOfHelm);
  });

  test("a deploy restarts no pod, and then there is nothing to do", async () => {
    const before = await everyPod();
    await lab.deploy();
    expect(await everyPod()).toEqual(before);
    for (const stack of stacks) {
      const { noChanges, output } = await diff(stack);
      if (!noChanges) throw new Error(output);
    }
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
    await answer(lab.baremetalLb(["verify"], { timeoutSeconds: 300 }));
  });

  test("destroy leaves nothing", async () => {
    await apply("destroy", ...stacks);
    expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
    expect(
      await kubectl("get", "validatingwebhookconfigurations,clusterroles,clusterrolebindings", "-o", "name"),
    ).not.toContain("metallb");
  }, 900_000);

  describe("in another namespace", () => {
    test(`${fault(94)}: it is refused with the steps to these stacks, by which Services keep their addresses`, async () => {
      await install("lb", "lb");
      const at = (await lab.prove()).address;
      const before = await serviceAddresses();
      const { code, output } = await lab.baremetalLb(["adopt", "--plan"]);
      expect(code).toBe(1);
      expect(output).toContain(`a${found("lb", "lb")}`);
      const took: string[] = [];
      const work = async () => {
        for (const command of commandsOf(output)) {
          const start = Date.now();
          // There is no such namespace: Helm's is another one.
          if (!command.startsWith("kubectl annotate")) await typed(command);
          took.push(`${((Date.now() - start) / 1000).toFixed(1)} s ${command}`);
        }
      };
      const seen = await polling(at, work, { asStranger: true });
      console.info(`a Helm release moved, as a stranger: ${JSON.stringify(seen)}\n${took.join("\n")}`);
      expect(took).toHaveLength(6);
      expect(await serviceAddresses()).toEqual(before);
      await lab.prove();
      expect(await leftOfHelm()).toEqual(nothingOfHelm);
    }, 1_200_000);
  });
});
