import type { Answer } from "../remote/kubernetes/api-server";

/** Parts of the Kubernetes API's answers, as kubectl -o json shows them. */

export const condition = (type: string, status: string) => ({
  type,
  status,
  lastTransitionTime: "2026-11-24T06:48:47Z",
});

export const node = (name: string, address: string, ready = "True") => ({
  metadata: { name },
  status: {
    addresses: [
      { type: "Hostname", address: name },
      { type: "InternalIP", address },
    ],
    conditions: [condition("MemoryPressure", "False"), condition("Ready", ready)],
  },
});

export const pod = (name: string, nodeName: string, ready = "True", metadata: object = {}) => ({
  metadata: { name, ...metadata },
  spec: { nodeName, containers: [] },
  status: { conditions: [condition("Ready", ready)] },
});

export const service = (name: string, address?: string, sharedBy?: string) => ({
  metadata: {
    name,
    namespace: "default",
    annotations: sharedBy === undefined ? undefined : { "metallb.universe.tf/allow-shared-ip": sharedBy },
  },
  spec: { type: "LoadBalancer", ports: [{ port: 80, protocol: "TCP" }] },
  status: { loadBalancer: address === undefined ? {} : { ingress: [{ ip: address }] } },
});

export const announced = (name: string, address: string, nodeName: string) =>
  `metallb_speaker_announced{ip="${address}",node="${nodeName}",protocol="layer2",service="default/${name}"} 1\n`;

/** A line of a speaker's log. */
export const event = (kind: string, ts: string, name = "web", ip = "192.168.1.240") =>
  `${JSON.stringify({ caller: "main.go:275", event: kind, ip, service: `default/${name}`, ts })}\n`;

export const speakerStart = (ts: string) =>
  `${JSON.stringify({ caller: "main.go:80", msg: "MetalLB speaker starting version 0.9.6", ts })}\n`;

export const configText = `address-pools:
- name: default
  protocol: layer2
  addresses:
  - 192.168.1.240-192.168.1.250
`;

export interface Live {
  readonly services?: readonly object[];
  readonly nodes?: readonly object[];
  readonly kubeProxies?: readonly object[];
  readonly speakers?: readonly object[];
  /** Of the ConfigMap; undefined where there is none. */
  readonly config?: string;
  /** By the speaker pod's name. */
  readonly metrics?: Readonly<Record<string, Answer>>;
  readonly logs?: Readonly<Record<string, Answer>>;
}

/** A pod with the labels of upstream's manifest. */
const asSpeaker = (one: object) => ({
  ...one,
  metadata: { ...(one as { metadata: object }).metadata, labels: { app: "metallb", component: "speaker" } },
});

/** The answers of a cluster that is as declared, with one Service, and with what a test changes. */
export function liveCluster(changes: Live = {}): Record<string, Answer> {
  const {
    services,
    nodes,
    kubeProxies,
    speakers,
    config,
    metrics = {},
    logs = {},
  } = {
    services: [service("web", "192.168.1.240")],
    nodes: [node("node1", "192.168.1.10"), node("rack1.node2", "192.168.1.11")],
    kubeProxies: [pod("proxy-1", "node1"), pod("proxy-2", "rack1.node2")],
    speakers: [pod("speaker-1", "node1"), pod("speaker-2", "rack1.node2")],
    config: configText,
    metrics: { "speaker-1": { text: announced("web", "192.168.1.240", "node1") }, "speaker-2": { text: "" } },
    logs: {
      "speaker-1": {
        text: speakerStart("2026-11-24T06:49:41Z") + event("serviceAnnounced", "2026-11-24T06:49:57.03Z"),
      },
    },
    ...changes,
  };
  const ofSpeakers = "/api/v1/namespaces/metallb-system/pods";
  const each = (answers: Readonly<Record<string, Answer>>, path: (pod: string) => string) =>
    Object.fromEntries(Object.entries(answers).map(([name, answer]) => [path(name), answer]));
  return {
    "/api/v1/services": { json: { items: services } },
    "/api/v1/nodes": { json: { items: nodes } },
    "/api/v1/namespaces/kube-system/pods": { json: { items: kubeProxies } },
    [ofSpeakers]: { json: { items: speakers.map(asSpeaker) } },
    ...(config === undefined
      ? {}
      : { "/api/v1/namespaces/metallb-system/configmaps/config": { json: { data: { config } } } }),
    ...each(metrics, (name) => `${ofSpeakers}/${name}:7472/proxy/metrics`),
    ...each(logs, (name) => `${ofSpeakers}/${name}/log`),
  };
}
