import { spawn } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import * as lab from "../../../lab/lab";
import { inNamespace } from "../../../lab/namespaces";
import { clusterNamespace } from "../../../lab/network-plan";
import { proven } from "../../../lab/proven";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { Postgres } from "../../terraform/postgres";
import { answer, apply, diff, kubectl } from "../core/cluster";
import { onLab } from "../core/on-lab";

// A service account that may do what the stacks need and no more, and states that are kept elsewhere than in a file.

const [{ kubernetes, metallb }] = proven["matrix/least-rights"].runs;
const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];

const clusterFile = () => runFiles(lab.runningLab().lab).clusterConfig;
const declared = (): { kubernetes: object; name: string } => parse(readFileSync(clusterFile(), "utf8"));

/** Changes a section of the lab's cluster.yaml, and gives the file as it was. */
function declare(changes: object): string {
  const former = readFileSync(clusterFile(), "utf8");
  writeFileSync(clusterFile(), stringify({ ...declared(), ...changes }, { lineWidth: 0 }));
  const copy = join(runFiles(lab.runningLab().lab).certificates, "..", "former.yaml");
  writeFileSync(copy, former);
  return copy;
}

/** Applies what `rbac` prints, and gives a kubeconfig with the account's token and nothing else. */
async function kubeconfigOf(account: string, ...options: string[]): Promise<string> {
  const manifest = await answer(lab.baremetalLb(["rbac", ...options]));
  await answer(lab.kubectl(["apply", "-f", "-"], { input: manifest }));
  const token = await kubectl("-n", "kube-system", "create", "token", account, "--duration", "2h");
  const config = parse(readFileSync(runFiles(lab.runningLab().lab).kubeconfig, "utf8")) as {
    users: { name: string; user: object }[];
  };
  const file = join(runFiles(lab.runningLab().lab).certificates, "..", `${account}.kubeconfig`);
  const users = config.users.map(({ name }) => ({ name, user: { token } }));
  writeFileSync(file, stringify({ ...config, users }), { mode: 0o600 });
  return file;
}

const useKubeconfig = (kubeconfig: string) => declare({ kubernetes: { ...declared().kubernetes, kubeconfig } });

async function expectInSync(): Promise<void> {
  const { code, output } = await lab.baremetalLb(["drift"]);
  if (code !== 0) throw new Error(output);
}

async function move(from: string): Promise<void> {
  const { code, output } = await lab.baremetalLb(["state", "move", "--yes", "--from", from]);
  if (code !== 0) throw new Error(output);
  await expectInSync();
  for (const stack of ["kube-proxy", "metallb"]) {
    const { noChanges, output: found } = await diff(stack);
    if (!noChanges) throw new Error(found);
  }
}

onLab("least rights, and states elsewhere", () => {
  let administrator: string;
  let deployer: string;

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: 2, kubernetes, metallb: metallb[0] });
    administrator = runFiles(lab.runningLab().lab).kubeconfig;
    deployer = await kubeconfigOf("baremetal-lb");
    useKubeconfig(deployer);
  }, 2_400_000);

  test(`${fault(187)}: the account of rbac deploys all stacks, and sees no drift`, async () => {
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
    await expectInSync();
    const { code, output } = await lab.baremetalLb(["verify"]);
    if (code !== 0) throw new Error(output);
  }, 1_200_000);

  test(`${fault(187)}: that of rbac --read-only looks, and may write nothing`, async () => {
    useKubeconfig(await kubeconfigOf("baremetal-lb-reader", "--read-only"));
    try {
      await expectInSync();
      for (const command of ["verify", "status"]) {
        const { code, output } = await lab.baremetalLb([command]);
        if (code !== 0) throw new Error(output);
      }
      const asked = ["auth", "can-i", "--as=system:serviceaccount:kube-system:baremetal-lb-reader", "--list"];
      const rights = await kubectl(...asked, "-n", "metallb-system");
      expect(rights.match(/\[[^\]]*\b(create|patch|update|delete|\*)\b[^\]]*\]\s*$/gm)).toEqual([
        // What everybody may ask of themselves.
        "[create]",
        "[create]",
        "[create]",
      ]);
    } finally {
      useKubeconfig(deployer);
    }
  });

  test(`${fault(183)}: to the cluster's own Secrets and back, with a lock that names who holds it`, async () => {
    const context = (declared().kubernetes as { context: string }).context;
    const state = { backend: "kubernetes", kubeconfig: administrator, context };
    await move(declare({ state }));
    const secrets = await kubectl("-n", "kube-system", "get", "secrets", "-l", "tfstate=true", "-o", "name");
    expect(secrets.split("\n").sort()).toEqual(
      stacks.map((stack) => `secret/tfstate-default-${declared().name}-${stack}`).sort(),
    );
    const holder = spawn("ip", inNamespace(clusterNamespace, ["terraform", "console"]).slice(1), {
      cwd: join(runFiles(lab.runningLab().lab).cdktfOutput, "stacks", "nodes"),
      env: lab.clusterEnvironment(),
    });
    try {
      await new Promise((done) => setTimeout(done, 10_000));
      const { code, output } = await lab.baremetalLb(["drift"]);
      expect(code).toBe(1);
      expect(output).toMatch(
        /another run of Terraform holds the state's lock \(\S+@\S+, since 20[^)]+\): wait for it to end\. If it was killed: terraform -chdir=\S+ force-unlock [-0-9a-f]+/,
      );
    } finally {
      holder.stdin.end();
    }
    await new Promise((done) => holder.on("close", done));
    await move(declare({ state: { backend: "local" } }));
  }, 900_000);

  test(`${fault(183)}: to PostgreSQL and back`, async () => {
    const postgres = await Postgres.start();
    try {
      Object.assign(process.env, postgres.environmentOfSocket);
      await move(declare({ state: { backend: "pg" } }));
      await move(declare({ state: { backend: "local" } }));
    } finally {
      delete process.env["PG_CONN_STR"];
      postgres.stop();
    }
  }, 900_000);

  test(`${fault(187)}: the account of rbac destroys all stacks, and nothing is left but what rbac made`, async () => {
    await apply("destroy", "*");
    expect(await kubectl("-n", "metallb-system", "get", "all,secrets,configmaps", "-o", "name")).toBe(
      "configmap/kube-root-ca.crt",
    );
    expect(await kubectl("get", "crds", "-o", "name")).toBe("");
    expect(
      await kubectl("get", "clusterroles,validatingwebhookconfigurations", "-l", "app=metallb", "-o", "name"),
    ).toBe("");
  }, 900_000);
});
