import { verifyCluster } from "../../../operations/verify/cluster";
import {
  announcing,
  configFor,
  daemonSet,
  deployment,
  healthy,
  metrics,
  node,
  paths,
  pod,
  webService,
} from "./healthy-cluster";
import { KubernetesServer, type Objects } from "./kubernetes-server";

const heal = "npx baremetal-lb heal";

/** The checks of a cluster that is healthy but for some objects; undefined: the object is not there. */
async function checksOf(changes: Objects = {}) {
  const server = new KubernetesServer({ ...healthy(), ...changes });
  await server.start();
  try {
    const { checks } = await verifyCluster(configFor(server.kubeconfig), { home: "", environment: {} });
    expect(server.changes).toStrictEqual([]);
    return checks;
  } finally {
    await server.stop();
  }
}

const notPassed = async (changes: Objects) => (await checksOf(changes)).filter(({ status }) => status !== "passed");

it("a healthy cluster passes every check", async () => {
  const checks = await checksOf();
  expect(checks.map(({ id, place, status, text }) => `${status} ${id} ${place} | ${text}`)).toStrictEqual([
    "passed kubernetes.api cluster | the Kubernetes API answers, version v1.35.4",
    "passed kubernetes.node node1 | node1: is Ready in Kubernetes, at 192.168.1.10",
    "passed kubernetes.node node2 | node2: is Ready in Kubernetes, at 192.168.1.11",
    "passed kube-proxy.config.mode kube-system/kube-proxy | ConfigMap kube-system/kube-proxy has mode ipvs",
    "passed kube-proxy.config.strictARP kube-system/kube-proxy | ConfigMap kube-system/kube-proxy has strictARP true",
    "passed kube-proxy.config.scheduler kube-system/kube-proxy | ConfigMap kube-system/kube-proxy has scheduler rr",
    "passed kube-proxy.rollout kube-system/kube-proxy | DaemonSet kube-system/kube-proxy is rolled out, 2 of 2 pods are available",
    "passed metallb.namespace metallb-system | namespace metallb-system exists",
    "passed metallb.controller metallb-system/controller | the controller is ready, with the image docker.io/metallb/controller:v0.9.6",
    "passed metallb.speakers metallb-system/speaker | DaemonSet metallb-system/speaker is rolled out, 2 of 2 speakers are available",
    "passed metallb.speaker node1 | speaker on node1 is ready, with the image docker.io/metallb/speaker:v0.9.6",
    "passed metallb.speaker node2 | speaker on node2 is ready, with the image docker.io/metallb/speaker:v0.9.6",
    "passed metallb.memberlist-secret metallb-system/memberlist | Secret metallb-system/memberlist has the key secretkey",
    "passed metallb.config metallb-system/config | ConfigMap metallb-system/config is as declared: default (layer2, 192.168.1.240-192.168.1.250)",
    "passed metallb.config-taken.controller node2 | controller on node2 has taken the configuration",
    "passed metallb.config-taken.speaker node1 | speaker on node1 has taken the configuration",
    "passed metallb.config-taken.speaker node2 | speaker on node2 has taken the configuration",
    "passed metallb.memberlist node1 | speaker on node1 counts 2 of 2 speakers as members",
    "passed metallb.memberlist node2 | speaker on node2 counts 2 of 2 speakers as members",
    "passed service.address default/web | Service default/web has 192.168.1.240, of the pool default",
    "passed service.announced default/web | node1 announces 192.168.1.240 of Service default/web (layer2)",
  ]);
});

it("an API that does not answer is one failed check", async () => {
  const server = new KubernetesServer({});
  await server.start();
  await server.stop();
  const { checks, api } = await verifyCluster(configFor(server.kubeconfig), { home: "", environment: {} });
  expect(api).toBeUndefined();
  expect(checks).toStrictEqual([
    {
      id: "kubernetes.api",
      place: "cluster",
      status: "failed",
      text: `the kubeconfig ${server.kubeconfig} does not exist: set kubernetes.kubeconfig in cluster.yaml`,
    },
  ]);
});

it("one part that cannot be read is a failed check of that part, and the others go on", async () => {
  const checks = await checksOf({ [paths.nodes]: undefined });
  expect(checks.filter(({ status }) => status !== "passed")).toStrictEqual([
    {
      id: "kubernetes.node",
      place: "cluster",
      status: "failed",
      text: "cluster cannot be looked at: the Kubernetes API answers 404: /api/v1/nodes not found",
    },
  ]);
  expect(checks).toHaveLength(20);
});

describe("a node", () => {
  it("that Kubernetes does not have, or has elsewhere, or that nobody declared", async () => {
    const items = [node("node1", "10.0.0.1"), node("node3", "192.168.1.12")];
    expect(await notPassed({ [paths.nodes]: { items } })).toStrictEqual([
      {
        id: "kubernetes.node",
        place: "node1",
        status: "failed",
        text: "node1: Kubernetes has it at 10.0.0.1, cluster.yaml at 192.168.1.10",
        remedy: "correct cluster.yaml, or the kubelet's --node-ip",
      },
      {
        id: "kubernetes.node",
        place: "node2",
        status: "failed",
        text: "node2: Kubernetes has no node of this name, it has node1 and node3",
        remedy: "correct cluster.yaml",
      },
      {
        id: "kubernetes.undeclared-node",
        place: "node3",
        status: "failed",
        text: "node3: is a node of the cluster, and not in cluster.yaml",
        remedy: "add it to nodes in cluster.yaml, then npx cdktf deploy nodes",
      },
    ]);
  });

  it("that is not Ready", async () => {
    const items = [node("node1", "192.168.1.10"), node("node2", "192.168.1.11", "Unknown")];
    expect(await notPassed({ [paths.nodes]: { items } })).toStrictEqual([
      {
        id: "kubernetes.node",
        place: "node2",
        status: "failed",
        text: "node2: is not Ready in Kubernetes: Kubelet stopped posting node status.",
        remedy: "see the kubelet's log on node2",
      },
    ]);
  });
});

describe("kube-proxy", () => {
  const place = "kube-system/kube-proxy";

  it("whose ConfigMap has other settings", async () => {
    const text = 'mode: ""\nipvs:\n  strictARP: false\n  scheduler: sh\n';
    expect(await notPassed({ [paths.kubeProxyConfig]: { data: { "config.conf": text } } })).toStrictEqual(
      ["mode iptables, declared ipvs", "strictARP false, declared true", "scheduler sh, declared rr"].map((found) => ({
        id: `kube-proxy.config.${found.split(" ")[0]}`,
        place,
        status: "failed",
        text: `ConfigMap ${place} has ${found}`,
        remedy: heal,
      })),
    );
  });

  it.each([
    [undefined, "does not exist"],
    [{ data: {} }, "has no key config.conf"],
  ])("whose ConfigMap is %p", async (configMap, found) => {
    const texts = (await notPassed({ [paths.kubeProxyConfig]: configMap })).map(({ text }) => text);
    expect(texts).toStrictEqual([`ConfigMap ${place} ${found}`]);
  });

  it("whose DaemonSet is not rolled out, with the pod that is to blame", async () => {
    const waiting = { reason: "CrashLoopBackOff", message: "back-off 10s" };
    const crashing = {
      spec: { nodeName: "node2" },
      status: { phase: "Running", containerStatuses: [{ state: { waiting } }] },
    };
    const changes = {
      [paths.kubeProxy]: daemonSet("kube-proxy", "x", 2, 1),
      [paths.kubeProxyPods]: { items: [crashing] },
    };
    expect((await notPassed(changes)).map(({ id, text }) => [id, text])).toStrictEqual([
      ["kube-proxy.rollout", `DaemonSet ${place}: 1 of 2 pods are available; on node2: CrashLoopBackOff: back-off 10s`],
    ]);
  });
});

describe("MetalLB", () => {
  it("without its namespace: nothing else of it is asked for", async () => {
    const found = await notPassed({ [paths.namespace]: undefined });
    expect(found).toStrictEqual([
      {
        id: "metallb.namespace",
        place: "metallb-system",
        status: "failed",
        text: "namespace metallb-system does not exist",
        remedy: "npx cdktf deploy metallb",
      },
    ]);
  });

  it("whose controller is scaled to 0", async () => {
    const items = [pod("speaker-1", "speaker", "node1"), pod("speaker-2", "speaker", "node2")];
    expect(await notPassed({ [paths.controller]: deployment(0), [paths.pods]: { items } })).toStrictEqual([
      {
        id: "metallb.controller",
        place: "metallb-system/controller",
        status: "failed",
        text: "Deployment metallb-system/controller wants 0 pods",
        remedy: heal,
      },
    ]);
  });

  it("with a broken speaker image: the DaemonSet's, and the pod that cannot pull it", async () => {
    const state = { waiting: { reason: "ImagePullBackOff", message: 'Back-off pulling image "x/speaker:v0"' } };
    const broken = {
      ...pod("speaker-2", "speaker", "node2"),
      status: { phase: "Pending", containerStatuses: [{ state }] },
    };
    const items = [pod("controller-1", "controller", "node2"), pod("speaker-1", "speaker", "node1"), broken];
    const changes = {
      [paths.speaker]: daemonSet("speaker", "x/speaker:v0", 2, 1),
      [paths.pods]: { items },
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "metallb.speakers",
        place: "metallb-system/speaker",
        status: "failed",
        text: "DaemonSet metallb-system/speaker has the image x/speaker:v0, declared docker.io/metallb/speaker:v0.9.6",
        remedy: heal,
      },
      {
        id: "metallb.speaker",
        place: "node2",
        status: "failed",
        text: 'speaker on node2 is not ready: ImagePullBackOff: Back-off pulling image "x/speaker:v0"',
      },
    ]);
  });

  it("with a speaker pod of another image than its DaemonSet's", async () => {
    const old = pod("speaker-2", "speaker", "node2");
    const container = { name: "speaker", image: "docker.io/metallb/speaker:v0.9.5" };
    const items = [
      pod("controller-1", "controller", "node2"),
      pod("speaker-1", "speaker", "node1"),
      { ...old, spec: { ...old.spec, containers: [container] } },
    ];
    expect((await notPassed({ [paths.pods]: { items } })).map(({ text }) => text)).toStrictEqual([
      "speaker on node2 has the image docker.io/metallb/speaker:v0.9.5, declared docker.io/metallb/speaker:v0.9.6",
    ]);
  });

  it("with a node that has no speaker", async () => {
    const items = [pod("controller-1", "controller", "node2"), pod("speaker-1", "speaker", "node1")];
    const changes = {
      [paths.speaker]: daemonSet("speaker", "docker.io/metallb/speaker:v0.9.6", 1),
      [paths.pods]: { items },
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "metallb.speaker",
        place: "node2",
        status: "failed",
        text: "there is no speaker on node2",
        remedy: `${heal}; if the DaemonSet is as declared, see whether a taint of node2 keeps it off`,
      },
    ]);
  });

  it.each([
    [undefined, "does not exist"],
    [{ data: { other: "a2V5" } }, "has no key secretkey"],
  ])("whose memberlist Secret is %p", async (secret, found) => {
    expect(await notPassed({ [paths.secret]: secret })).toStrictEqual([
      {
        id: "metallb.memberlist-secret",
        place: "metallb-system/memberlist",
        status: "failed",
        text: `Secret metallb-system/memberlist ${found}: a speaker that starts anew cannot`,
        remedy: heal,
      },
    ]);
  });

  it("with an invalid pool, which the speaker on node1 refuses", async () => {
    const config =
      "address-pools:\n- name: default\n  protocol: layer3\n  addresses:\n  - 192.168.1.240-192.168.1.250\n";
    const changes = {
      [paths.config]: { data: { config } },
      [paths.metrics("speaker-1")]: metrics({ stale: 1, announced: announcing("node1") }),
      [paths.log("speaker-1")]:
        `${String(healthy()[paths.log("speaker-1")])}\n{"error":"unknown protocol \\"layer3\\"","event":"configStale"}\n`,
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "metallb.config",
        place: "metallb-system/config",
        status: "failed",
        text: 'ConfigMap metallb-system/config: pool default has protocol "layer3", declared "layer2"',
        remedy: heal,
      },
      {
        id: "metallb.config-taken.speaker",
        place: "node1",
        status: "failed",
        text: 'speaker on node1 keeps an older configuration: unknown protocol "layer3"',
        remedy: heal,
      },
    ]);
  });

  it.each([
    [undefined, "ConfigMap metallb-system/config does not exist"],
    [{ data: { config: "- a list" } }, "ConfigMap metallb-system/config is not the YAML that MetalLB reads"],
    [{ data: { config: "a: [" } }, "ConfigMap metallb-system/config is not the YAML that MetalLB reads"],
  ])("whose ConfigMap is %p", async (configMap, text) => {
    expect((await notPassed({ [paths.config]: configMap })).map((check) => check.text)).toStrictEqual([text]);
  });

  it("whose metrics cannot be read", async () => {
    expect(await notPassed({ [paths.metrics("speaker-2")]: undefined })).toStrictEqual([
      {
        id: "metallb.config-taken.speaker",
        place: "node2",
        status: "failed",
        text: `speaker on node2: its metrics cannot be read: the Kubernetes API answers 404: ${paths.metrics("speaker-2")} not found`,
        remedy: "see whether the API server reaches port 7472/tcp of the speaker on node2",
      },
    ]);
  });
});

describe("a LoadBalancer Service", () => {
  it("without an address, with the latest event of the controller", async () => {
    const event = (lastTimestamp: string, message: string) => ({ lastTimestamp, message });
    const changes = {
      [paths.services]: { items: [webService()] },
      [paths.events]: {
        items: [
          event("2026-01-01T00:00:02Z", 'Failed to allocate IP for "default/web": no available IPs'),
          event("2026-01-01T00:00:01Z", "older"),
        ],
      },
    };
    expect(await notPassed(changes)).toStrictEqual([
      {
        id: "service.address",
        place: "default/web",
        status: "failed",
        text: 'Service default/web has no address: Failed to allocate IP for "default/web": no available IPs',
        remedy:
          "see that the controller runs; if the pool is used up, enlarge it in cluster.yaml, then npx cdktf deploy metallb",
      },
    ]);
  });

  it("with an address of no pool", async () => {
    expect(
      (await notPassed({ [paths.services]: { items: [webService("192.168.1.251")] } })).map(({ text }) => text),
    ).toStrictEqual(["Service default/web has 192.168.1.251, which is in no declared pool"]);
  });

  it("that two nodes announce", async () => {
    const found = await notPassed({ [paths.metrics("speaker-2")]: metrics({ announced: announcing("node2") }) });
    expect(found).toStrictEqual([
      {
        id: "service.announced",
        place: "default/web",
        status: "failed",
        text: "2 nodes announce 192.168.1.240 of Service default/web: node1 and node2",
        remedy: `see the checks of the memberlist; ${heal}`,
      },
    ]);
  });

  it.each([
    [[{ addresses: [{ ip: "10.244.1.2" }] }], "failed", "no node announces 192.168.1.240 of Service default/web"],
    [
      [{ notReadyAddresses: [{ ip: "10.244.1.2" }] }],
      "skipped",
      "192.168.1.240 of Service default/web is not announced: the Service has no ready endpoint",
    ],
  ])("that nobody announces, with the endpoints %j", async (subsets, status, text) => {
    const found = await notPassed({ [paths.metrics("speaker-1")]: metrics(), [paths.endpoints]: { subsets } });
    expect(found.map((check) => [check.status, check.text])).toStrictEqual([[status, text]]);
  });

  it("that is being deleted, or belongs to a trial, is not looked at", async () => {
    const deleted = {
      ...webService(),
      metadata: { namespace: "default", name: "old", deletionTimestamp: "2026-01-01T00:00:00Z" },
    };
    const ofTrial = { ...webService(), metadata: { namespace: "baremetal-lb-verify-a", name: "trial" } };
    const items = [webService("192.168.1.240"), deleted, ofTrial];
    expect(await notPassed({ [paths.services]: { items } })).toStrictEqual([]);
  });

  it("there is none", async () => {
    expect(await notPassed({ [paths.services]: { items: [] } })).toStrictEqual([
      { id: "service.address", place: "cluster", status: "skipped", text: "there is no LoadBalancer Service" },
    ]);
  });
});
