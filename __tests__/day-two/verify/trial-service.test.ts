import { spawnSync } from "node:child_process";
import { hostname } from "node:os";
import { connectKubernetes } from "../../../remote/kubernetes/connect";
import { fault } from "../../faults";
import { isLeftover } from "../../../day-two/verify/trial-namespace";
import { tryService } from "../../../day-two/verify/trial-service";
import { ApiServer, type Change } from "../../remote/kubernetes/api-server";
import { announcedBy as statusBy, healthyWith, metricsPath, resourcePath } from "./healthy-resources";
import { answersOf, configFor, healthy, metrics, type Objects, paths } from "./healthy-cluster";

const created = "/api/v1/namespaces/baremetal-lb-verify-x7k2p";
const service = `${created}/services/trial`;
// 203.0.113.0/24 is for documentation: no host is on that network.
const address = "203.0.113.10";
const pools = [
  { name: "reserved", addresses: ["203.0.113.1-203.0.113.2"], autoAssign: false },
  { name: "routers", protocol: "bgp", addresses: ["203.0.113.5-203.0.113.6"] },
  { name: "default", addresses: ["203.0.113.10-203.0.113.11"] },
];
const peers = [{ peerAddress: "10.0.0.1", peerASN: 64500, myASN: 64501 }];
const announcedBy = (node: string) =>
  `metallb_speaker_announced{ip="${address}",node="${node}",protocol="layer2",service="baremetal-lb-verify-x7k2p/trial"} 1`;

/** Runs a trial against an API in which a new namespace is called baremetal-lb-verify-x7k2p. */
async function trial({
  objects = {},
  ingress = [{ ip: address }],
  onChange = () => undefined,
  found = {
    ...healthy(),
    [paths.metrics("speaker-1")]: metrics({ start: 1.5 }),
    [paths.metrics("speaker-2")]: metrics({ start: 2.5, announced: announcedBy("node2") }),
  },
  configuration = { version: "0.9.6", pools, peers } as Record<string, unknown>,
  abort = new AbortController(),
}: {
  objects?: Objects;
  ingress?: { ip: string }[];
  onChange?: (change: Change, all: Objects) => void;
  found?: Objects;
  configuration?: Record<string, unknown>;
  abort?: AbortController;
} = {}) {
  const all: Objects = {
    ...found,
    "/api/v1/namespaces": { items: [] },
    [`${created}/events`]: { items: [] },
    ...objects,
  };
  const server = await ApiServer.start(answersOf(all), (change) => {
    const { method, path } = change;
    if (method === "DELETE") delete all[path];
    if (path === "/api/v1/namespaces") all[created] = { metadata: { name: "baremetal-lb-verify-x7k2p" } };
    if (path === `${created}/services`) all[service] = { status: { loadBalancer: { ingress } } };
    onChange(change, all);
    return all[created] ?? {};
  });
  try {
    const config = configFor(server.kubeconfig, { metallb: configuration });
    const api = await connectKubernetes(config.kubernetes.credentials, { home: "", environment: {} });
    const checks = await tryService(api, config, abort.signal);
    return {
      changes: server.changes,
      requests: server.changes.map(({ method, path }) => `${method} ${path}`),
      texts: checks.map(({ id, status, text }) => `${status} ${id} | ${text}`),
    };
  } finally {
    await server.stop();
  }
}

const endpointsPassed =
  "passed trial.endpoints | the trial's endpoints are the metrics of the speakers on node1 and node2";
const removed = "passed trial.removed | namespace baremetal-lb-verify-x7k2p was removed with all that was in it";

it("makes a Service with two speakers for endpoints in a namespace of its own, and removes it", async () => {
  const { changes, texts } = await trial();
  expect(changes).toStrictEqual([
    {
      method: "POST",
      path: "/api/v1/namespaces",
      body: {
        metadata: {
          generateName: "baremetal-lb-verify-",
          labels: { "app.kubernetes.io/managed-by": "baremetal-lb" },
          annotations: { "baremetal-lb/run": `${hostname()} ${process.pid}` },
        },
      },
    },
    {
      method: "POST",
      path: `${created}/services`,
      body: {
        metadata: { name: "trial", annotations: { "metallb.universe.tf/address-pool": "default" } },
        spec: {
          type: "LoadBalancer",
          externalTrafficPolicy: "Cluster",
          ports: [{ name: "http", port: 80, targetPort: 7472, protocol: "TCP" }],
        },
      },
    },
    {
      method: "POST",
      path: `${created}/endpoints`,
      body: {
        metadata: { name: "trial" },
        subsets: [
          {
            addresses: [
              { ip: "192.168.1.10", nodeName: "node1" },
              { ip: "192.168.1.11", nodeName: "node2" },
            ],
            ports: [{ name: "http", port: 7472, protocol: "TCP" }],
          },
        ],
      },
    },
    { method: "DELETE", path: created, body: undefined },
  ]);
  expect(texts).toStrictEqual([
    endpointsPassed,
    `passed trial.address | Service baremetal-lb-verify-x7k2p/trial was given ${address}, of the pool default`,
    `passed trial.announced | node2 announces ${address}`,
    `skipped trial.http | ${address} was not asked: this host is not on the network of ${address}`,
    `skipped trial.arp | ARP for ${address} was not asked: this host is not on the network of ${address}`,
    removed,
  ]);
});

it(`${fault(122)}: makes it with the loadBalancerClass that is declared, which MetalLB else would not look at`, async () => {
  const configuration = { version: "0.15.2", pools, peers, loadBalancerClass: "example.org/lb" };
  const found = {
    ...healthyWith("0.15.2"),
    [metricsPath("speaker-2", 7472)]: metrics({ start: 2.5, announced: announcedBy("node2") }),
  };
  const { changes } = await trial({ found, configuration });
  expect(changes[1]?.body).toMatchObject({ spec: { type: "LoadBalancer", loadBalancerClass: "example.org/lb" } });
});

it.each(["0.15.2", "0.16.2"] as const)("makes it for MetalLB %s with its annotation and its port", async (version) => {
  const { port, secure } = { "0.15.2": { port: 7472, secure: false }, "0.16.2": { port: 9120, secure: true } }[version];
  const found = {
    ...healthyWith(version),
    ...(secure
      ? { [resourcePath("servicel2statuses")]: { items: [statusBy("node2", "trial", "baremetal-lb-verify-x7k2p")] } }
      : { [metricsPath("speaker-2", port)]: metrics({ start: 2.5, announced: announcedBy("node2") }) }),
  };
  const { changes, texts } = await trial({ found, configuration: { version, pools, peers } });
  expect(changes[1]?.body).toStrictEqual({
    metadata: { name: "trial", annotations: { "metallb.io/address-pool": "default" } },
    spec: {
      type: "LoadBalancer",
      externalTrafficPolicy: "Cluster",
      ports: [{ name: "http", port: 80, targetPort: port, protocol: "TCP" }],
    },
  });
  expect(changes[2]?.body).toMatchObject({ subsets: [{ ports: [{ name: "http", port, protocol: "TCP" }] }] });
  expect(texts.slice(0, 3)).toStrictEqual([
    endpointsPassed,
    `passed trial.address | Service baremetal-lb-verify-x7k2p/trial was given ${address}, of the pool default`,
    `passed trial.announced | node2 announces ${address}`,
  ]);
});

it("tries no pool that is for some Services only", async () => {
  const some = { serviceSelectors: [{ matchLabels: { tier: "web" } }] };
  const kept = [
    { ...pools[2], name: "shop", addresses: ["203.0.113.20/32"], serviceAllocation: { namespaces: ["shop"] } },
    { ...pools[2], name: "web", addresses: ["203.0.113.21/32"], l2Advertisements: [some] },
  ];
  const { texts } = await trial({ configuration: { version: "0.16.2", pools: kept }, found: healthyWith("0.16.2") });
  expect(texts).toStrictEqual([
    "skipped trial.address | no Service is tried: no layer2 pool has autoAssign true and is for every Service",
  ]);
});

it("removes the namespace when it is interrupted while it waits", async () => {
  const abort = new AbortController();
  const onChange = ({ path }: Change) => {
    if (path === `${created}/endpoints`) abort.abort();
  };
  const { requests, texts } = await trial({ abort, onChange, ingress: [] });
  expect(requests.at(-1)).toBe(`DELETE ${created}`);
  expect(texts).toStrictEqual([endpointsPassed, "failed trial.whole | the trial was interrupted", removed]);
});

it("removes the namespace when the API fails in between", async () => {
  const onChange = ({ path }: Change, all: Objects) => {
    if (path === `${created}/endpoints`) delete all[service];
  };
  const { texts } = await trial({ onChange });
  expect(texts).toStrictEqual([
    endpointsPassed,
    `failed trial.whole | the trial broke off: the Kubernetes API answers 404: ${service} not found`,
    removed,
  ]);
});

it("says so where only one speaker can be an endpoint, or none", async () => {
  const objects = { [paths.metrics("speaker-1")]: undefined };
  expect((await trial({ objects })).texts[0]).toBe(
    "passed trial.endpoints | the trial's endpoints are the metrics of the speakers on node2, the only one: how requests are spread is not shown",
  );
  const { texts, requests } = await trial({ objects: { ...objects, [paths.metrics("speaker-2")]: undefined } });
  expect(texts).toStrictEqual(["failed trial.endpoints | no Service is tried: no speaker's metrics can be read"]);
  expect(requests).toStrictEqual([]);
});

it("tries nothing without a layer2 pool that gives addresses by itself", async () => {
  const { texts, requests } = await trial({ configuration: { version: "0.9.6", pools: pools.slice(0, 2), peers } });
  expect(texts).toStrictEqual([
    "skipped trial.address | no Service is tried: no layer2 pool has autoAssign true and is for every Service",
  ]);
  expect(requests).toStrictEqual([]);
});

describe("namespaces of earlier runs", () => {
  const now = new Date("2026-01-01T12:00:00Z");
  const { pid: endedPid } = spawnSync("true");
  const namespace = (name: string, run: string, minutesAgo: number, at = now) => ({
    metadata: {
      name,
      annotations: { "baremetal-lb/run": run },
      creationTimestamp: new Date(at.getTime() - minutesAgo * 60_000),
    },
  });

  it.each([
    [`${hostname()} ${endedPid}`, 1, true],
    [`${hostname()} ${process.pid}`, 1, false],
    [`another-host ${endedPid}`, 9, false],
    [`another-host ${process.pid}`, 11, true],
  ])("of run %j, %d minutes old: leftover %p", (run, minutesAgo, leftover) => {
    expect(isLeftover(namespace("baremetal-lb-verify-a", run, minutesAgo), now)).toBe(leftover);
  });

  it("are removed where their run was killed, and left alone where it may go on, or the name is another's", async () => {
    const items = [
      namespace("baremetal-lb-verify-old", `${hostname()} ${endedPid}`, 1, new Date()),
      namespace("baremetal-lb-verify-new", "another-host 1", 1, new Date()),
      namespace("production", `${hostname()} ${endedPid}`, 1, new Date()),
    ];
    const { texts, requests } = await trial({ objects: { "/api/v1/namespaces": { items } } });
    expect(requests.filter((one) => one.startsWith("DELETE"))).toStrictEqual([
      "DELETE /api/v1/namespaces/baremetal-lb-verify-old",
      `DELETE ${created}`,
    ]);
    expect(texts.slice(0, 2)).toStrictEqual([
      "passed trial.leftover | namespace baremetal-lb-verify-old, left by a killed run, was removed",
      "skipped trial.leftover | namespace baremetal-lb-verify-new is another run's, which may still go on",
    ]);
  });
});
