import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { statusText } from "../../cli/status-report";
import type { StatusReport } from "../../day-two/status/status";
import { clusterInput } from "../cluster-fixture";
import { ApiServer, writeKubeconfig } from "../remote/kubernetes/api-server";
import { liveCluster, node, service } from "../day-two/status-cluster";
import { runProgram } from "./run-program";

describe("status", () => {
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
    return runProgram(folder, ["status", ...words]);
  };
  const start = async (answers = liveCluster()) => {
    const server = await ApiServer.start(answers);
    servers.push(server);
    return server.kubeconfig;
  };

  it("is one screen", async () => {
    expect(await run(await start())).toStrictEqual({
      status: 0,
      stderr: "",
      stdout: `Cluster demo

POOL     PROTOCOL  SIZE  USED  FREE  ADDRESSES
default  layer2    11    1     10    192.168.1.240-192.168.1.250

SERVICE      ADDRESS        PORTS   ANNOUNCED BY  SINCE
default/web  192.168.1.240  80/TCP  node1         2026-11-24 06:49:57 UTC

NODE         ADDRESS       STATUS  SINCE                    KUBE-PROXY  SPEAKER
node1        192.168.1.10  Ready   2026-11-24 06:48:47 UTC  ready       ready
rack1.node2  192.168.1.11  Ready   2026-11-24 06:48:47 UTC  ready       ready
`,
    });
  });

  it("reports what is unhealthy, and exits with 0", async () => {
    const services = [service("waits"), service("a", "192.168.1.250"), service("b", "192.168.1.250")];
    const nodes = [node("node1", "192.168.1.10", "False")];
    const live = liveCluster({ services, nodes, speakers: [], kubeProxies: [] });
    expect(await run(await start(live))).toStrictEqual({
      status: 0,
      stderr: "",
      stdout: `Cluster demo

POOL     PROTOCOL  SIZE  USED  FREE  ADDRESSES
default  layer2    11    1     10    192.168.1.240-192.168.1.250

SERVICE        ADDRESS        PORTS   ANNOUNCED BY  SINCE
default/waits  pending        80/TCP  -             -
default/a      192.168.1.250  80/TCP  -             -
default/b      192.168.1.250  80/TCP  -             -

NODE         ADDRESS       STATUS    SINCE                    KUBE-PROXY  SPEAKER
node1        192.168.1.10  NotReady  2026-11-24 06:48:47 UTC  missing     missing
rack1.node2  192.168.1.11  missing   -                        missing     missing

- pool default: 192.168.1.250 is the address of default/a and default/b, which do not share it
- Service default/a has 192.168.1.250, and no node announces it: see whether it has ready endpoints
- Service default/b has 192.168.1.250, and no node announces it: see whether it has ready endpoints
- node rack1.node2 is declared, and the cluster has no such node
`,
    });
  });

  it("with --json prints the report", async () => {
    const { status, stdout } = await run(await start(), "--json");
    expect(status).toBe(0);
    expect(Object.keys(JSON.parse(stdout))).toStrictEqual(["cluster", "pools", "services", "nodes", "notes"]);
  });

  it("exits with 1 where the API cannot be asked", async () => {
    const kubeconfig = join(folder, "kubeconfig");
    writeKubeconfig(kubeconfig, "http://127.0.0.1:1");
    const { status, stdout, stderr } = await run(kubeconfig);
    expect({ status, stdout }).toStrictEqual({ status: 1, stdout: "" });
    expect(stderr).toMatch(/^the Kubernetes API cannot be reached: .*connect ECONNREFUSED 127\.0\.0\.1:1.*\n$/);
  });

  it("of many rows shows 20, first of all those that need looking after", () => {
    const ready = { status: "Ready", kubeProxy: "ready", speaker: "ready" } as const;
    const nodes = Array.from({ length: 30 }, (_, index) => ({
      ...ready,
      name: `node${index}`,
      address: "a",
      kubeProxy: index === 0 ? ("unmanaged" as const) : ready.kubeProxy,
    }));
    const ill = [
      { ...ready, name: "ill1", address: "a", status: "NotReady" as const },
      { ...ready, name: "ill2", address: "a", speaker: "missing" as const },
      { ...ready, name: "ill3", address: "a", kubeProxy: "not ready" as const },
    ];
    const announcers = ["a", "b", "c", "d", "e"].map((name) => ({
      node: name,
      protocol: "bgp",
      since: { at: "2026-11-24T06:49:57.03Z", before: true },
    }));
    const report: StatusReport = {
      cluster: "many",
      pools: [],
      services: [{ name: "default/web", address: "x", ports: ["80/TCP", "443/TCP"], announcedBy: announcers }],
      nodes: [...nodes, ...ill],
      notes: [],
    };
    const lines = statusText(report).split("\n");
    expect(lines.filter((line) => /^(node\d|ill)/.test(line)).map((line) => line.split(" ")[0])).toStrictEqual([
      "ill1",
      "ill2",
      "ill3",
      ...nodes.slice(0, 17).map(({ name }) => name),
    ]);
    expect(lines.filter((line) => line.startsWith("…"))).toStrictEqual(["… and 13 more nodes"]);
    expect(lines.find((line) => line.startsWith("default/web"))).toBe(
      "default/web  x        80/TCP, 443/TCP  a, b, c and 2 more  before 2026-11-24 06:49:57 UTC",
    );
  });
});
