import type { ClusterConfig } from "../../../cluster/schema";
import { cluster } from "../../cluster-fixture";
import type { Answer } from "../../remote/kubernetes/api-server";

/** What the API holds: objects (JSON) and texts by path. */
export type Objects = Record<string, unknown>;

/** The answers that serve them as they are at each request; a path may have a selector of labels behind it. */
export const answersOf =
  (objects: Objects) =>
  (path: string, query = new URLSearchParams()): Answer | undefined => {
    const found = objects[`${path}?labelSelector=${query.get("labelSelector")}`] ?? objects[path];
    if (found === undefined) return undefined;
    return typeof found === "string" ? { text: found } : { json: found };
  };

const metallb = "/api/v1/namespaces/metallb-system";
export const paths = {
  nodes: "/api/v1/nodes",
  kubeProxyConfig: "/api/v1/namespaces/kube-system/configmaps/kube-proxy",
  kubeProxy: "/apis/apps/v1/namespaces/kube-system/daemonsets/kube-proxy",
  kubeProxyPods: "/api/v1/namespaces/kube-system/pods",
  namespace: metallb,
  controller: "/apis/apps/v1/namespaces/metallb-system/deployments/controller",
  speaker: "/apis/apps/v1/namespaces/metallb-system/daemonsets/speaker",
  pods: `${metallb}/pods`,
  secret: `${metallb}/secrets/memberlist`,
  config: `${metallb}/configmaps/config`,
  log: (pod: string) => `${metallb}/pods/${pod}/log`,
  metrics: (pod: string) => `${metallb}/pods/${pod}:7472/proxy/metrics`,
  services: "/api/v1/services",
  events: "/api/v1/namespaces/default/events",
  endpoints: "/api/v1/namespaces/default/endpoints/web",
} as const;

/** Two nodes that answer no SSH, and the API that the kubeconfig leads to. */
export const configFor = (kubeconfig: string, changes: Record<string, unknown> = {}): ClusterConfig =>
  cluster({
    kubernetes: { version: "1.35.4", kubeconfig, context: "admin" },
    nodes: [
      { name: "node1", address: "192.168.1.10", role: "control-plane" },
      { name: "node2", address: "192.168.1.11" },
    ].map((node) => ({ ...node, hostKey: hostKey })),
    ...changes,
  });

const hostKey = `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB${"A".repeat(86)}=`;

export const pod = (name: string, component: string, node: string) => ({
  metadata: { name, labels: { app: "metallb", component } },
  spec: { nodeName: node, containers: [{ name: component, image: `docker.io/metallb/${component}:v0.9.6` }] },
  status: {
    phase: "Running",
    hostIP: node === "node1" ? "192.168.1.10" : "192.168.1.11",
    conditions: [{ type: "Ready", status: "True" }],
    containerStatuses: [{ name: component, state: { running: {} } }],
  },
});

export const node = (name: string, address: string, ready = "True") => ({
  metadata: { name },
  status: {
    addresses: [{ type: "InternalIP", address }],
    conditions: [
      { type: "Ready", status: ready, message: ready === "True" ? "" : "Kubelet stopped posting node status." },
    ],
  },
});

export const metrics = ({
  stale = 0,
  start = 1,
  announced = "",
} = {}) => `# TYPE metallb_k8s_client_config_loaded_bool gauge
metallb_k8s_client_config_loaded_bool 1
metallb_k8s_client_config_stale_bool ${stale}
process_start_time_seconds ${start}
${announced}
`;

export const announcing = (name: string) =>
  `metallb_speaker_announced{ip="192.168.1.240",node="${name}",protocol="layer2",service="default/web"} 1`;

const joined = (...names: string[]) =>
  [
    `{"caller":"main.go:80","msg":"MetalLB speaker starting version 0.9.6 (no build information)"}`,
    ...names.map((name) => `{"msg":"node event - forcing sync","node event":"NodeJoin","node name":"${name}"}`),
  ].join("\n");

export const daemonSet = (component: string, image: string, wanted = 2, available = wanted) => ({
  metadata: { generation: 2 },
  spec: { template: { spec: { containers: [{ name: component, image }] } } },
  status: {
    observedGeneration: 2,
    desiredNumberScheduled: wanted,
    updatedNumberScheduled: wanted,
    numberAvailable: available,
  },
});

export const deployment = (replicas: number, image = "docker.io/metallb/controller:v0.9.6") => ({
  metadata: { generation: 1 },
  spec: { replicas, template: { spec: { containers: [{ name: "controller", image }] } } },
  status: { observedGeneration: 1, updatedReplicas: replicas, availableReplicas: replicas },
});

export const webService = (address?: string) => ({
  metadata: { namespace: "default", name: "web" },
  spec: { type: "LoadBalancer" },
  status: { loadBalancer: address === undefined ? {} : { ingress: [{ ip: address }] } },
});

/** Everything as declared. */
export const healthy = (): Objects => ({
  "/version": { gitVersion: "v1.35.4" },
  [paths.nodes]: { items: [node("node1", "192.168.1.10"), node("node2", "192.168.1.11")] },
  [paths.kubeProxyConfig]: { data: { "config.conf": "mode: ipvs\nipvs:\n  strictARP: true\n  scheduler: ''\n" } },
  [paths.kubeProxy]: daemonSet("kube-proxy", "kube-proxy"),
  [paths.namespace]: { status: { phase: "Active" } },
  [paths.controller]: deployment(1),
  [paths.speaker]: daemonSet("speaker", "docker.io/metallb/speaker:v0.9.6"),
  [paths.pods]: {
    items: [
      pod("controller-1", "controller", "node2"),
      pod("speaker-1", "speaker", "node1"),
      pod("speaker-2", "speaker", "node2"),
    ],
  },
  [paths.secret]: { data: { secretkey: "a2V5" } },
  [paths.config]: {
    data: {
      config: `address-pools:
- name: default
  protocol: layer2
  addresses:
  - 192.168.1.240-192.168.1.250
`,
    },
  },
  [paths.log("speaker-1")]: joined("node1", "node2"),
  [paths.log("speaker-2")]: joined("node2", "node1"),
  [paths.metrics("controller-1")]: metrics(),
  [paths.metrics("speaker-1")]: metrics({ announced: announcing("node1"), start: 1795502976.7 }),
  [paths.metrics("speaker-2")]: metrics({ start: 1795502978.5 }),
  [paths.services]: { items: [webService("192.168.1.240"), { spec: { type: "ClusterIP" } }] },
});
