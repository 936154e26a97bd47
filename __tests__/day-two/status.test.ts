import { connectKubernetes } from "../../remote/kubernetes/connect";
import { findStatus } from "../../day-two/status/status";
import { cluster, clusterInput } from "../cluster-fixture";
import { type Answer, ApiServer } from "../remote/kubernetes/api-server";
import { announced, configText, liveCluster, node, pod, service } from "./status-cluster";
import { UserError } from "../../values/user-error";

describe("The status of a cluster", () => {
  let server: ApiServer;
  afterEach(() => server.stop());

  const status = async (answers: Readonly<Record<string, Answer>>, pool: object = {}, kubeProxy: unknown = {}) => {
    server = await ApiServer.start(answers);
    const source = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
    const api = await connectKubernetes(source, { home: "/", environment: {} });
    const [first] = clusterInput.metallb.pools;
    const metallb = { ...clusterInput.metallb, pools: [{ ...first, ...pool }] };
    return findStatus(cluster({ metallb, kubeProxy }), api);
  };
  const since = "2026-11-24T06:48:47.000Z";

  it("is the pools, the Services and the nodes, with nothing to be said of a cluster that is as declared", async () => {
    expect(await status(liveCluster())).toStrictEqual({
      cluster: "demo",
      pools: [
        {
          name: "default",
          protocol: "layer2",
          addresses: ["192.168.1.240-192.168.1.250"],
          size: "11",
          used: "1",
          free: "10",
          conflicts: [],
        },
      ],
      services: [
        {
          name: "default/web",
          address: "192.168.1.240",
          ports: ["80/TCP"],
          pool: "default",
          announcedBy: [{ node: "node1", protocol: "layer2", since: { at: "2026-11-24T06:49:57.03Z", before: false } }],
        },
      ],
      nodes: [
        { name: "node1", address: "192.168.1.10", status: "Ready", since, kubeProxy: "ready", speaker: "ready" },
        { name: "rack1.node2", address: "192.168.1.11", status: "Ready", since, kubeProxy: "ready", speaker: "ready" },
      ],
      notes: [],
    });
  });

  it("reads the log of a speaker that announces something only, and no more of it than needed", async () => {
    await status(liveCluster());
    expect(server.requests.filter((path) => path.includes("/log"))).toStrictEqual([
      "/api/v1/namespaces/metallb-system/pods/speaker-1/log?container=speaker&limitBytes=16777216&tailLines=10000",
    ]);
  });

  it("counts an address once, and tells who uses an address of a pool beside MetalLB", async () => {
    const services = [
      service("web", "192.168.1.240"),
      service("shared-a", "192.168.1.241", "key"),
      service("shared-b", "192.168.1.241", "key"),
      service("alone-a", "192.168.1.242"),
      service("alone-b", "192.168.1.242"),
      service("other-key-a", "192.168.1.243", "a"),
      service("other-key-b", "192.168.1.243", "b"),
      service("waits"),
      service("outside", "10.0.0.1"),
      { metadata: { name: "inner", namespace: "default" }, spec: { type: "ClusterIP" } },
    ];
    const nodes = [node("node1", "192.168.1.10"), node("rack1.node2", "192.168.1.250")];
    const report = await status(liveCluster({ services, nodes }));
    expect(report.pools).toMatchObject([
      {
        used: "4",
        free: "7",
        conflicts: [
          "192.168.1.250 is node rack1.node2's own address",
          "192.168.1.242 is the address of default/alone-a and default/alone-b, which do not share it",
          "192.168.1.243 is the address of default/other-key-a and default/other-key-b, which do not share it",
        ],
      },
    ]);
    expect(report.services.map(({ name, address, pool }) => [name, address, pool])).toStrictEqual([
      ["default/web", "192.168.1.240", "default"],
      ["default/shared-a", "192.168.1.241", "default"],
      ["default/shared-b", "192.168.1.241", "default"],
      ["default/alone-a", "192.168.1.242", "default"],
      ["default/alone-b", "192.168.1.242", "default"],
      ["default/other-key-a", "192.168.1.243", "default"],
      ["default/other-key-b", "192.168.1.243", "default"],
      ["default/waits", undefined, undefined],
      ["default/outside", "10.0.0.1", undefined],
    ]);
    expect(report.notes.filter((note) => note.includes("outside"))).toStrictEqual([
      "Service default/outside has 10.0.0.1, which is in no declared pool",
      "Service default/outside has 10.0.0.1, and no node announces it: see whether it has ready endpoints",
    ]);
  });

  it("leaves .0 and .255 out of a pool that avoids them", async () => {
    const pool = { addresses: ["192.168.1.254-192.168.2.1"], avoidBuggyIPs: true };
    const services = [service("web", "192.168.1.254"), service("buggy", "192.168.1.255")];
    const report = await status(liveCluster({ services }), pool);
    expect(report.pools).toMatchObject([{ size: "2", used: "1", free: "1" }]);
    expect(report.services.map(({ pool: name }) => name)).toStrictEqual(["default", undefined]);
  });

  it("says nothing of the pods of a kube-proxy that is not managed", async () => {
    const report = await status(liveCluster({ kubeProxies: [] }), {}, "unmanaged");
    expect(report.nodes.map(({ kubeProxy }) => kubeProxy)).toStrictEqual(["unmanaged", "unmanaged"]);
    expect(report.notes).toStrictEqual([]);
  });

  it("tells how each node is, those that are missing and those that are not declared", async () => {
    const report = await status(
      liveCluster({
        nodes: [node("node1", "192.168.1.10", "Unknown"), node("node3", "192.168.1.12")],
        kubeProxies: [pod("proxy-1", "node1", "False"), pod("proxy-old", "node3", "False"), pod("proxy-new", "node3")],
        speakers: [pod("speaker-1", "node1"), pod("speaker-3", "node3", "True", { deletionTimestamp: since })],
      }),
    );
    expect(report.nodes).toStrictEqual([
      { name: "node1", address: "192.168.1.10", status: "NotReady", since, kubeProxy: "not ready", speaker: "ready" },
      {
        name: "rack1.node2",
        address: "192.168.1.11",
        status: "missing",
        since: undefined,
        kubeProxy: "missing",
        speaker: "missing",
      },
      { name: "node3", address: "192.168.1.12", status: "Ready", since, kubeProxy: "ready", speaker: "not ready" },
    ]);
    expect(report.notes).toStrictEqual([
      "node rack1.node2 is declared, and the cluster has no such node",
      "node node3 is in the cluster, and not declared: it is not looked after",
      "the speaker on node3 is not ready: what it announces is not known",
    ]);
  });

  it("shows the rest where a speaker or its log does not answer", async () => {
    const unavailable = { status: 503, json: { kind: "Status", message: "no route to host" } };
    const report = await status(
      liveCluster({
        services: [service("web", "192.168.1.240"), service("other", "192.168.1.241")],
        metrics: { "speaker-1": { text: announced("web", "192.168.1.240", "node1") }, "speaker-2": unavailable },
        logs: { "speaker-1": unavailable },
      }),
    );
    expect(report.services.map(({ announcedBy }) => announcedBy)).toStrictEqual([
      [{ node: "node1", protocol: "layer2", since: undefined }],
      [],
    ]);
    expect(report.notes).toStrictEqual([
      "the log of the speaker on node1 cannot be read (the Kubernetes API answers 503: no route to host): since when it announces is not known",
      "the speaker on rack1.node2 does not answer (the Kubernetes API answers 503: no route to host): what it announces is not known",
    ]);
  });

  it("names a Service that nobody announces, and a speaker that refuses its configuration", async () => {
    const metrics = { "speaker-1": { text: "metallb_k8s_client_config_stale_bool 1\n" }, "speaker-2": { text: "" } };
    const report = await status(liveCluster({ metrics }));
    expect(report.notes).toStrictEqual([
      "Service default/web has 192.168.1.240, and no node announces it: see whether it has ready endpoints",
      "the speaker on node1 refuses the ConfigMap metallb-system/config and goes on as before: see its log",
    ]);
  });

  const pools = "ConfigMap metallb-system/config";
  it.each([
    ["that is not there", undefined, [`${pools} does not exist: npx baremetal-lb heal`]],
    ["that is no YAML", "a: [", [`${pools} is not the YAML that MetalLB reads: npx baremetal-lb heal`]],
    ["that is a text", "peers", [`${pools} is not the YAML that MetalLB reads: npx baremetal-lb heal`]],
    ["of other pools", "address-pools: [null]", [`${pools} is not the YAML that MetalLB reads: npx baremetal-lb heal`]],
    [
      "with another range",
      configText.replace(".250", ".249"),
      [
        `${pools}: pool default has addresses 192.168.1.240-192.168.1.249, declared 192.168.1.240-192.168.1.250: npx baremetal-lb heal`,
      ],
    ],
    [
      "with a pool more",
      `${configText}- { name: more, protocol: layer2, addresses: [10.0.0.0/24] }\n`,
      [`${pools}: pool more is not declared: npx baremetal-lb heal`],
    ],
    ["that says the same with defaults", `${configText}  auto-assign: true\n  avoid-buggy-ips: false\n`, []],
    [
      "with a default changed",
      `${configText}  auto-assign: false\n`,
      [`${pools}: pool default has auto-assign false, declared true: npx baremetal-lb heal`],
    ],
  ])("compares the pools in force: a ConfigMap %s", async (_what, config, notes) => {
    expect((await status(liveCluster({ config }))).notes).toStrictEqual(notes);
  });

  it("is an error where the API refuses to answer", async () => {
    const forbidden = { status: 403, json: { kind: "Status", message: "nodes is forbidden" } };
    await expect(status({ ...liveCluster(), "/api/v1/nodes": forbidden })).rejects.toThrow(
      new UserError("the Kubernetes API answers 403: nodes is forbidden"),
    );
  });
});
