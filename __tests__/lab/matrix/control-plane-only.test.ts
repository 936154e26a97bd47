import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parse, stringify } from "yaml";
import { excludeLabel } from "../../../day-two/load-balancers";
import * as lab from "../../../lab/lab";
import { repository } from "../../../lab/lab-settings";
import { proven } from "../../../lab/proven";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { answer, apply, diff, kubectl } from "../core/cluster";
import { drift, noDifferences } from "../core/drift";
import { onLabWith } from "../core/on-lab";

// Every node is one of the control plane, labelled and tainted as kubeadm does it. MetalLB from 0.14.2 on then announces
// nothing, and says nothing of it. The API server is the lab's own, beside the nodes: etcd on each is not the subject.

const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
const nodes = ["node1", "node2", "node3"];
const role = "node-role.kubernetes.io/control-plane";
const setting = "set metallb.ignoreExcludeLB: true";

const [{ kubernetes, metallb, kernel }] = proven["matrix/control-plane-only"].runs;

const files = () => runFiles(lab.runningLab().lab);

interface Declared {
  readonly nodes: readonly object[];
  readonly metallb: object;
}

/** Changes the lab's cluster.yaml. */
function declare(change: (config: Declared) => object): void {
  const { clusterConfig } = files();
  writeFileSync(clusterConfig, stringify(change(parse(readFileSync(clusterConfig, "utf8"))), { lineWidth: 0 }));
}

/** Upstream: cmd/kubeadm/app/phases/markcontrolplane, which `kubeadm init` and `join --control-plane` run. */
async function markControlPlane(): Promise<void> {
  await kubectl("label", "nodes", "--all", "--overwrite", `${role}=`, `${excludeLabel}=`);
  await kubectl("taint", "nodes", "--all", `${role}:NoSchedule`);
  declare((config) => ({ ...config, nodes: config.nodes.map((node) => ({ ...node, role: "control-plane" })) }));
}

/** The lab's workload, as somebody lets it run on a control plane. */
async function applyTolerantWeb(): Promise<void> {
  await kubectl("apply", "-f", join(repository, "lab/manifests/web.yaml"));
  const tolerations = [{ key: role, operator: "Exists", effect: "NoSchedule" }];
  const patch = JSON.stringify({ spec: { template: { spec: { tolerations } } } });
  await kubectl("patch", "deployment", "web", "--type=merge", "-p", patch);
  await kubectl("rollout", "status", "deployment/web", "--timeout=110s");
}

interface Found {
  readonly id: string;
  readonly status: string;
  readonly text: string;
  readonly remedy?: string;
}

interface Said {
  readonly code: number;
  readonly report: {
    readonly problems?: readonly { readonly path: string; readonly severity: string; readonly remedy: string }[];
    readonly checks?: readonly Found[];
    readonly notes?: readonly string[];
    readonly cause?: { readonly text: string; readonly remedy?: string };
  };
}

/** A command's report, as JSON. */
async function say(...command: string[]): Promise<Said> {
  const { code, stdout, output } = await lab.baremetalLb([...command, "--json"], { timeoutSeconds: 300 });
  if (stdout === "") throw new Error(output);
  return { code, report: JSON.parse(stdout) as Said["report"] };
}

onLabWith({ kubernetes, metallb: metallb[0], kernel })(
  `${nodes.length} control-plane nodes and no worker, MetalLB ${metallb[0]}`,
  () => {
    const address = () => kubectl("get", "service", "web", "-o", "jsonpath={.status.loadBalancer.ingress[0].ip}");

    beforeAll(async () => {
      await lab.down();
      await lab.up({ nodes: nodes.length, kubernetes, metallb: metallb[0], kernel });
      await markControlPlane();
    }, 2_400_000);

    test(`${fault(88)}: init proposes that they announce`, async () => {
      const file = join(mkdtempSync(join(tmpdir(), "init-")), "cluster.yaml");
      const of = ["--kubeconfig", files().kubeconfig, "--ssh-user", "ops", "--ssh-key", files().sshKey];
      const { code, output } = await lab.baremetalLb(["init", ...of, "--trust", "--yes", "--output", file]);
      if (code !== 0) throw new Error(output);
      const written = parse(readFileSync(file, "utf8"));
      rmSync(dirname(file), { recursive: true });
      expect(written.nodes.map((node: { role: string }) => node.role)).toEqual(nodes.map(() => "control-plane"));
      expect(written.metallb.ignoreExcludeLB).toBe(true);
    });

    test(`${fault(88)}: check warns where it is not set`, async () => {
      const { code, report } = await say("check");
      expect(code).toBe(0);
      expect(report.problems?.filter(({ path }) => path === "nodes")).toEqual([
        expect.objectContaining({ severity: "warning", remedy: expect.stringContaining(setting) }),
      ]);
    });

    test("cdktf deploy of every stack works: the controller runs, though every node has the taint", async () => {
      await lab.deploy();
      await applyTolerantWeb();
      expect(await address()).toMatch(/^10\.89\.0\.24\d$/);
    });

    test("the Service has an address, and nobody answers for it", async () => {
      expect(await lab.macsFor(await address())).toEqual([]);
      await expect(lab.answer(await address(), 2)).rejects.toThrow("none of 2 requests was answered");
    });

    test(`${fault(88)}: verify fails, and status and explain name the cause`, async () => {
      const { code, report } = await say("verify");
      expect(code).toBe(1);
      expect(report.checks?.filter(({ id }) => id === "metallb.excluded-node")).toEqual([
        expect.objectContaining({
          status: "failed",
          text: `no node announces anything: every node is excluded (labelled ${excludeLabel})`,
          remedy: expect.stringContaining(setting),
        }),
      ]);
      expect((await say("status")).report.notes).toContain(
        `Service default/web has ${await address()}, and no node announces it: every node is excluded (labelled ${excludeLabel}): ${setting}, or take the label away`,
      );
      expect((await say("explain", "default/web")).report.cause).toMatchObject({
        text: `no node may announce Service default/web by layer2: ${nodes.map((node) => `${node}: it is labelled ${excludeLabel}`).join("; ")}`,
        remedy: expect.stringContaining(setting),
      });
    });

    test("with metallb.ignoreExcludeLB: true and a deploy the Service answers, at the address that it had", async () => {
      const before = await address();
      declare((config) => ({ ...config, metallb: { ...config.metallb, ignoreExcludeLB: true } }));
      await lab.deploy();
      const proof = await lab.prove();
      expect(proof.address).toBe(before);
      expect(nodes).toContain(proof.node);
    });

    test.each(stacks)("a second cdktf diff %s says no changes", async (stack) => {
      const { noChanges, output } = await diff(stack);
      if (!noChanges) throw new Error(output);
    });

    test("nothing is wrong any more: check, drift, verify --service, explain", async () => {
      expect((await say("check")).report.problems?.filter(({ path }) => path === "nodes")).toEqual([]);
      expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
      await answer(lab.baremetalLb(["verify", "--service"], { timeoutSeconds: 300 }));
      expect(await say("explain", "default/web")).toMatchObject({ code: 0 });
    });

    test("everything can be taken back", async () => {
      await apply("destroy", ...stacks);
      expect(await kubectl("get", "namespaces,crds", "-o", "name")).not.toContain("metallb");
    }, 900_000);
  },
);
