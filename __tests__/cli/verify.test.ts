import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { VerifyReport } from "../../day-two/verify/check";
import { clusterInput } from "../cluster-fixture";
import { ApiServer } from "../remote/kubernetes/api-server";
import { bundled, withoutProgress } from "../programs";

describe("baremetal-lb verify", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    writeFileSync(join(folder, "cdktf.json"), '{"app":"true"}');
    const kubernetes = { version: "1.35.4", kubeconfig: `${folder}/kubeconfig`, context: "admin" };
    const ssh = { user: "ops", agent: true };
    writeFileSync(join(folder, "cluster.yaml"), stringify({ ...clusterInput, kubernetes, ssh }));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function run(...words: string[]) {
    const env = { PATH: process.env.PATH, HOME: folder };
    const child = spawn(process.execPath, [bundled("cli"), "verify", ...words], { cwd: folder, env });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    return new Promise((done) => child.on("close", (code) => done({ code, stdout, stderr: withoutProgress(stderr) })));
  }

  const noAgent = "ssh.agent is true, and SSH_AUTH_SOCK is not set: start an SSH agent in this shell";
  const checks = () => [
    { id: "node.ssh", place: "node1", status: "failed", text: `node1: ${noAgent}` },
    { id: "node.ssh", place: "rack1.node2", status: "failed", text: `rack1.node2: ${noAgent}` },
    {
      id: "kubernetes.api",
      place: "cluster",
      status: "failed",
      text: `the kubeconfig ${folder}/kubeconfig does not exist: set kubernetes.kubeconfig in cluster.yaml`,
    },
  ];

  it("exits with 1 where a check failed, and prints what failed by node, or with --all each check", async () => {
    const [one, two, api] = checks().map(({ text }) => text);
    expect(await run()).toStrictEqual({
      code: 1,
      stdout: `failed   ${one}\nfailed   ${two}\nfailed   Kubernetes: ${api}\n\nCluster demo: 3 checks, 0 ok, 3 failed, 0 skipped; --all shows each.\n`,
      stderr: "",
    });
    expect(await run("--all")).toStrictEqual({
      code: 1,
      stdout: `failed   ${one}\nfailed   ${two}\nfailed   ${api}\n\nCluster demo: 3 checks, 0 ok, 3 failed, 0 skipped.\n`,
      stderr: "",
    });
  });

  it("with --json prints one object; --service tries nothing without an API", async () => {
    const report = { cluster: "demo", passed: false, checks: checks() };
    const stdout = `${JSON.stringify(report, null, 2)}\n`;
    expect(await run("--service", "--json")).toStrictEqual({ code: 1, stdout, stderr: "" });
  });

  it("looks at the memberlist's key, which takes both cluster and nodes to know", async () => {
    const secret = "/api/v1/namespaces/metallb-system/secrets/memberlist";
    const api = await ApiServer.start({
      "/version": { json: { major: "1", minor: "35", gitVersion: "v1.35.4" } },
      [secret]: { status: 403, json: { message: "forbidden" } },
    });
    const kubernetes = { version: "1.35.4", kubeconfig: api.kubeconfig, context: "admin" };
    writeFileSync(
      join(folder, "cluster.yaml"),
      stringify({ ...clusterInput, kubernetes, ssh: { user: "ops", agent: true } }),
    );

    const { stdout } = (await run("--json")) as { stdout: string };
    await api.stop();

    expect((JSON.parse(stdout) as VerifyReport).checks).toContainEqual({
      id: "metallb.memberlist-key",
      place: "MetalLB",
      status: "failed",
      text: "MetalLB cannot be looked at: the Kubernetes API answers 403: forbidden",
    });
  });
});
