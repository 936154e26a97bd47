import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parse } from "yaml";
import * as lab from "../../../lab/lab";
import { proven } from "../../../lab/proven";
import { runFiles } from "../../../lab/run-files";
import { fault } from "../../faults";
import { leakedFrom, unpacked } from "../../report-archive";
import { kubectl } from "../core/cluster";
import { onLab } from "../core/on-lab";

// report on a deployed cluster: all parts are there, and none of the lab's own secrets is in any of them.

const nodes = ["node1", "node2"];
const runs = proven["matrix/report"].runs.map(({ kubernetes, metallb: [version] }) => ({ kubernetes, version }));

const base64 = (text: string) => Buffer.from(text, "base64").toString("utf8");

/** The lab's secrets, as their files and the cluster have them. */
async function labSecrets(): Promise<Record<string, string>> {
  const { sshKey, kubeconfig } = runFiles(lab.runningLab().lab);
  const { users } = parse(readFileSync(kubeconfig, "utf8")) as {
    users: { user: { "client-key-data"?: string; "client-key"?: string } }[];
  };
  const [{ user } = { user: {} }] = users;
  const ofFile = user["client-key"] === undefined ? "" : readFileSync(user["client-key"], "utf8");
  const memberlist = await kubectl(
    "-n",
    "metallb-system",
    "get",
    "secret",
    "memberlist",
    "-o",
    "jsonpath={.data.secretkey}",
  );
  return {
    sshKey: readFileSync(sshKey, "utf8"),
    clientKey: base64(user["client-key-data"] ?? "") || ofFile,
    memberlist: base64(memberlist),
    memberlistInBase64: memberlist,
  };
}

onLab.each(runs)("report with MetalLB $version on Kubernetes $kubernetes", ({ kubernetes, version }) => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-report-"));
  const archive = join(folder, "report.tar.gz");
  afterAll(() => rmSync(folder, { recursive: true }));

  beforeAll(async () => {
    await lab.down();
    await lab.up({ nodes: nodes.length, kubernetes, metallb: version });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
  }, 2_400_000);

  test(`${fault(223)}, ${fault(224)}: all parts are there, and none of the lab's secrets is in one`, async () => {
    const { code, stdout, output } = await lab.baremetalLb(["report", "--service", "default/web", "--output", archive]);
    if (code !== 0) throw new Error(output);
    const { files } = await unpacked(archive);
    const secrets = await labSecrets();
    // An empty one would be found nowhere.
    expect(Object.entries(secrets).filter(([, secret]) => secret.length < 40)).toEqual([]);
    expect(leakedFrom(output, secrets)).toEqual([]);
    expect(leakedFrom(gunzipSync(readFileSync(archive)).toString("latin1"), secrets)).toEqual([]);
    for (const [name, text] of Object.entries(files)) expect([name, leakedFrom(text, secrets)]).toEqual([name, []]);
    expect(statSync(archive).mode & 0o777).toBe(0o600);

    expect(stdout).toContain(files["contents.md"]);
    expect(files["contents.md"]).not.toContain("Not in it");
    const stacks = ["nodes", "kube-proxy", "metallb-crds", "address-pools", "metallb"];
    expect(Object.keys(files)).toEqual(
      expect.arrayContaining([
        ...["contents.md", "versions.txt", "cluster-versions.txt", "cluster.yaml", "check.txt", "status.txt"],
        ...["verify.txt", "drift.txt", "explain/default-web.txt", "events.txt", "objects/services.yaml"],
        ...stacks.flatMap((stack) => [`plans/${stack}.json`, `states/${stack}.json`]),
        ...nodes.map((node) => `nodes/${node}.txt`),
      ]),
    );
    expect(Object.keys(files).filter((name) => /^logs\/speaker-.*\/speaker\.log$/.test(name))).toHaveLength(
      nodes.length,
    );
    expect(files["drift.txt"]).toMatch(/\nNo drift\.\n$/);
    expect(files["verify.txt"]).toMatch(/, 0 failed, /);
    expect(files["explain/default-web.txt"]).toContain("Nothing is wrong");
    for (const node of nodes) expect(files[`nodes/${node}.txt`]).toMatch(/\n== ipvsadm -L -n\nIP Virtual Server /);
    const { resources } = JSON.parse(files["states/metallb.json"] ?? "") as {
      resources: { address: string; values: { data?: unknown } }[];
    };
    const secret = resources.find(({ address }) => address === "kubernetes_secret_v1.memberlist");
    expect(secret?.values.data).toBe("(removed)");
  });
});
