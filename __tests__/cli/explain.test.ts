import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { exitCodeOf } from "../../cli/explain";
import { explainText } from "../../cli/explain-report";
import { failed, passed, skipped } from "../../day-two/verify/check";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { liveCluster, service } from "../day-two/status-cluster";
import { runProgram } from "./run-program";

const place = "default/web";
const fine = passed("service.address", place, "Service default/web has 192.168.1.240, of the pool default");
const unseen = skipped("node.ssh", "node1", "node1 could not be looked at");
const wrong = failed("service.endpoints", place, "Service default/web has no endpoint", "kubectl get pods");
const report = { cluster: "demo", service: place, noticed: [] };

describe("explain", () => {
  let folder: string;
  const servers: ApiServer[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(async () => {
    rmSync(folder, { recursive: true });
    await Promise.all(servers.splice(0).map((server) => server.stop()));
  });

  const run = (kubeconfig: string, ...words: string[]) => {
    const kubernetes = { version: "1.18", kubeconfig, context: "admin" };
    writeFileSync(join(folder, "cluster.yaml"), stringify({ ...clusterInput, kubernetes }));
    return runProgram(folder, ["explain", ...words]);
  };
  const start = async (answers = liveCluster()) => {
    const server = await ApiServer.start(answers);
    servers.push(server);
    return server.kubeconfig;
  };

  it(`${fault(213)}: exits with 2 where a cause was found, and ends with it; default is the namespace of a bare name`, async () => {
    expect(await run(await start(), "wbe")).toStrictEqual({
      status: 2,
      stderr: "",
      stdout: `Service default/wbe of cluster demo

failed   there is no Service default/wbe: the namespace default has web
         to mend it: did you mean default/web?

Cause: there is no Service default/wbe: the namespace default has web
To mend it: did you mean default/web?
`,
    });
  });

  it("with --json prints the report", async () => {
    const { status, stdout } = await run(
      await start(liveCluster({ services: [service("web")] })),
      "default/web",
      "--json",
    );
    expect(status).toBe(2);
    expect(Object.keys(JSON.parse(stdout))).toStrictEqual(["cluster", "service", "story", "cause", "noticed"]);
  });

  it("exits with 1 where the API cannot be asked", async () => {
    const kubeconfig = join(folder, "kubeconfig");
    writeKubeconfig(kubeconfig, "http://127.0.0.1:1");
    const { status, stdout, stderr } = await run(kubeconfig, "default/web");
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^the Kubernetes API cannot be reached: .*connect ECONNREFUSED 127\.0\.0\.1:1.*\n$/);
  });

  it("names what it takes", async () => {
    const { status, stderr } = await run(await start(), "a/b/c");
    expect(status).toBe(1);
    expect(stderr).toBe(
      "error: command-argument value 'a/b/c' is invalid for argument 'service'. expected namespace/name, such as default/web.\n(run it with --help to see what it takes)\n",
    );
  });
});

describe("What explain prints", () => {
  it("ends with that nothing is wrong", () => {
    expect(explainText({ ...report, story: [fine], answers: true })).toBe(
      `Service default/web of cluster demo\n\nok       ${fine.text}\n\nNothing is wrong: it answers this host.\n`,
    );
    expect(explainText({ ...report, story: [fine] })).toContain("\n\nNothing is wrong.\n");
  });

  it(`${fault(219)}: ends with that it could not look at everything`, () => {
    expect(explainText({ ...report, story: [fine, unseen] })).toBe(`Service default/web of cluster demo

ok       Service default/web has 192.168.1.240, of the pool default
skipped  node1 could not be looked at

Nothing wrong was found, and not everything could be looked at: see the lines that were skipped.
`);
  });

  it("ends with the first cause, then what else was noticed, then who would announce it", () => {
    const without = {
      nodes: ["node2"],
      announcers: [{ protocol: "layer2" as const, nodes: ["node1"], text: "without node2: node1 would announce it" }],
    };
    const noticed = ["node node3 is not Ready in Kubernetes"];
    expect(explainText({ ...report, story: [fine, wrong], cause: wrong, noticed, answers: true, without }))
      .toBe(`Service default/web of cluster demo

ok       Service default/web has 192.168.1.240, of the pool default
failed   Service default/web has no endpoint
         to mend it: kubectl get pods

It answers this host. What is wrong all the same:
Cause: Service default/web has no endpoint
To mend it: kubectl get pods

Also noticed:
- node node3 is not Ready in Kubernetes

without node2: node1 would announce it
`);
  });

  it(`${fault(220)}: says why it cannot say who would announce it`, () => {
    const without = { nodes: ["node1", "node2"], announcers: [], unknown: "the Service has no address of a pool" };
    expect(explainText({ ...report, story: [fine], without })).toContain(
      "\n\nwithout node1 and node2: who would announce it cannot be said: the Service has no address of a pool\n",
    );
  });

  it(`${fault(219)}: its exit code is 0 where all was looked at, or where it answers`, () => {
    expect(exitCodeOf({ story: [fine] })).toBe(0);
    expect(exitCodeOf({ story: [fine, unseen], answers: true })).toBe(0);
    expect(exitCodeOf({ story: [fine, unseen], answers: false })).toBe(1);
    expect(exitCodeOf({ story: [fine, unseen] })).toBe(1);
    expect(exitCodeOf({ story: [fine, wrong], cause: wrong, answers: true })).toBe(2);
  });
});
