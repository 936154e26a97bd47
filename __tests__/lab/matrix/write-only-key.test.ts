import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { terraformProgram } from "../../../stacks/shared/terraform-program";
import { proven } from "../../../lab/proven";
import { run } from "../../../lab/command";
import * as lab from "../../../lab/lab";
import { runFiles } from "../../../lab/run-files";
import { usesCustomResources } from "../../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../../stacks/metallb/schema/metallb";
import { fault } from "../../faults";
import { apply, diff, kubectl } from "../core/cluster";
import { drift, heal, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";
import { polling } from "../core/poll";
import { memberlistKey } from "../core/upstream-metallb";

// The memberlist's key, and with custom resources the webhook's certificate, out of Terraform's state: from the first
// deploy on, after somebody deleted the Secret, and there and back.

const nodes = ["node1", "node2"];

const runs = proven["matrix/write-only-key"].runs.map(({ kubernetes, metallb: [version], kernel }) => ({
  kubernetes,
  version,
  kernel,
}));

onLab.each(runs)("MetalLB $version with a write-only memberlist key", ({ kubernetes, version, kernel }) => {
  const stacks = [
    "nodes",
    "kube-proxy",
    ...(usesCustomResources(version) ? ["metallb-crds", "address-pools"] : []),
    "metallb",
  ];
  let address: string;

  const files = () => runFiles(lab.runningLab().lab);
  const deploy = () => apply("deploy", ...stacks);

  /** Writes metallb.memberlistKey into the lab's cluster.yaml. */
  function declare(key: MetallbConfig["memberlistKey"]): void {
    const { clusterConfig } = files();
    const text = readFileSync(clusterConfig, "utf8").replace(/^ +memberlistKey: .*\n/m, "");
    writeFileSync(clusterConfig, text.replace(/^metallb:\n/m, `metallb:\n  memberlistKey: ${key}\n`));
  }

  /** What the cluster keeps secret now: the memberlist's key, and the webhook's private key where there is one. */
  async function secrets(): Promise<string[]> {
    const certificate = usesCustomResources(version)
      ? await kubectl(
          "-n",
          "metallb-system",
          "get",
          "secret",
          "metallb-webhook-cert",
          "-o",
          "jsonpath={.data.tls\\.key}",
        )
      : "";
    return [await memberlistKey(), certificate].filter((base64) => base64 !== "");
  }

  /** The files of the run that have one of them; but for the cluster's own: its store, and the nodes' disks. */
  function filesWith(...base64: readonly string[]): string[] {
    const { run: folder } = lab.runningLab().lab;
    const { etcdData, userModeLinux } = files();
    // As they are, and as Terraform's JSON has them.
    const texts = base64.map((one) => Buffer.from(one, "base64").toString());
    const forms = [...base64, ...texts, ...texts.map((text) => JSON.stringify(text).slice(1, -1))];
    return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: "utf8" })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => join(parentPath, name))
      .filter((path) => ![etcdData, userModeLinux].some((own) => path.startsWith(own)) && !path.endsWith(".changes"))
      .filter((path) => {
        const text = readFileSync(path, "latin1");
        return forms.some((form) => text.includes(form));
      })
      .map((path) => relative(folder, path))
      .sort();
  }

  /** The checks of verify that did not pass. */
  async function failing(): Promise<string[]> {
    const { stdout, output } = await lab.baremetalLb(["verify", "--json"]);
    if (stdout === "") throw new Error(output);
    const { checks } = JSON.parse(stdout) as { checks: { id: string; place: string; status: string; text: string }[] };
    const ofKey = checks.filter(({ id, status }) => id === "metallb.memberlist-key" && status === "passed");
    const failed = checks.filter(({ status }) => status === "failed").map(({ text }) => text);
    return failed.length > 0 ? failed : nodes.filter((node) => !ofKey.some(({ place }) => place === node));
  }

  const speakers = async () =>
    (await kubectl("-n", "metallb-system", "get", "pods", "-l", "component=speaker", "-o", "name")).split("\n");

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version, kernel });
    declare("writeOnly");
    await lab.deploy();
    await lab.applyWeb();
    ({ address } = await lab.prove());
  }, 2_400_000);

  test(`${fault(165)}: the key is in no file of the run and in no plan, and the second plan is empty`, async () => {
    const kept = await secrets();
    const { noChanges, output } = await diff("metallb");
    if (!noChanges) throw new Error(output);
    // The plan that diff leaves is packed: what it holds is what Terraform shows of it.
    const cwd = join(files().cdktfOutput, "stacks", "metallb");
    const { file } = terraformProgram(process.env);
    const shown = await run([file, "show", "-json", "plan"], { cwd, timeoutSeconds: 120 });
    expect(shown.output).toContain('"data_wo_revision":1');
    for (const one of kept) expect(shown.output).not.toContain(Buffer.from(one, "base64").toString().slice(0, 40));
    expect(filesWith(...kept)).toEqual([]);
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
  });

  test(`${fault(169)}: verify says that every speaker has the Secret's key`, async () => {
    expect(await failing()).toEqual([]);
  });

  test.each([
    ["heal", () => heal()],
    ["a deploy", deploy],
  ])(
    `${fault(166)}: deleted by hand, %s makes another key under a client's eyes, and all speakers have it`,
    async (_what, repair) => {
      const [before, pods] = [await memberlistKey(), await speakers()];
      await kubectl("-n", "metallb-system", "delete", "secret", "memberlist");
      const seen = await polling(address, repair);
      console.info(
        `another memberlist key: ${seen.requests} requests, ${seen.failed} failed, longest time between two answers ${seen.longestSilenceSeconds.toFixed(2)} s`,
      );
      expect(seen.longestSilenceSeconds).toBeLessThanOrEqual(1);
      expect(await memberlistKey()).not.toBe(before);
      expect((await speakers()).filter((pod) => pods.includes(pod))).toEqual([]);
      expect(await failing()).toEqual([]);
      expect(filesWith(before, ...(await secrets()))).toEqual([]);
      expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
      await lab.prove();
    },
  );

  test(`${fault(169)}: edited by hand, verify names every speaker that has another key`, async () => {
    const edited = Buffer.from("b".repeat(128)).toString("base64");
    await kubectl(
      "-n",
      "metallb-system",
      "patch",
      "secret",
      "memberlist",
      "-p",
      JSON.stringify({ data: { secretkey: edited } }),
    );
    const text = (node: string) =>
      expect.stringMatching(new RegExp(`^speaker on ${node} started (with another|before the) memberlist key `));
    expect(await failing()).toEqual(nodes.map(text));
    await kubectl("-n", "metallb-system", "delete", "secret", "memberlist");
    await heal();
    expect(await failing()).toEqual([]);
  });

  test(`${fault(167)}: into the state and back out of it, each time with another key`, async () => {
    const first = await secrets();
    declare("state");
    await deploy();
    const kept = await memberlistKey();
    expect(first).not.toContain(kept);
    expect(filesWith(kept)).toEqual([".state/lab/metallb.tfstate"]);
    expect(await failing()).toEqual([]);
    for (const stack of stacks) expect(await diff(stack)).toMatchObject({ noChanges: true });

    declare("writeOnly");
    await deploy();
    expect(await memberlistKey()).not.toBe(kept);
    expect(filesWith(...(await secrets()))).toEqual([]);
    // As the warning of each synthesis says, and the documents.
    const { output } = await diff("metallb");
    expect(output).toContain("metallb.tfstate.backup: warning: given a backup with random_password.memberlist");
    rmSync(join(files().cdktfOutput, "..", ".state", "lab", "metallb.tfstate.backup"));
    expect(filesWith(kept, ...first)).toEqual([]);
    expect(await failing()).toEqual([]);
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
    await lab.prove();
  }, 1_200_000);
});
