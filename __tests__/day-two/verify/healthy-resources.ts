import { customResources } from "../../../stacks/metallb/pools/custom-resources";
import type { MetallbVersion } from "../../../stacks/metallb/release/releases";
import { resourceKinds } from "../../../stacks/metallb/pools/resource-kinds";
import { runningOf } from "../../../stacks/metallb/release/running";
import { configFor, daemonSet, deployment, healthy, metrics, node, type Objects, paths, pod } from "./healthy-cluster";

const group = "/apis/metallb.io";
export const resourcePath = (plural: string, version = "v1beta1") =>
  `${group}/${version}/namespaces/metallb-system/${plural}`;
export const webhookPath =
  "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/metallb-webhook-configuration";
export const metricsPath = (name: string, port: number) =>
  `/api/v1/namespaces/metallb-system/pods/${name}:${port}/proxy/metrics`;

/** The configuration for a version of 0.13 or later. */
export const metallbOf = (version: MetallbVersion, changes: object = {}) => ({
  metallb: { version, pools: [{ name: "default", addresses: ["192.168.1.240-192.168.1.250"] }], ...changes },
});

/** What the API holds where that configuration is deployed, but for what the API server fills in. */
export function liveResources(metallb: object): Objects {
  const declared = customResources(configFor("/kubeconfig", { metallb }).metallb);
  return Object.fromEntries(
    resourceKinds.map(({ kind, plural, version }) => [
      resourcePath(plural, version),
      { items: declared.filter((one) => one.kind === kind) },
    ]),
  );
}

const podOf = (version: MetallbVersion, name: string, component: string, nodeName: string) => {
  const one = pod(name, component, nodeName);
  const image = `quay.io/metallb/${component}:v${version}`;
  return {
    ...one,
    metadata: { ...one.metadata, uid: `uid-${name}` },
    spec: { ...one.spec, containers: [{ name: component, image }] },
  };
};

/** A pod's ConfigurationState. */
export const state = (name: string, podName: string, ...conditions: object[]) => ({
  metadata: { name, ownerReferences: [{ kind: "Pod", uid: `uid-${podName}` }] },
  status: { result: "Valid", conditions: conditions.length > 0 ? conditions : [{ type: "valid", status: "True" }] },
});

export const announcedBy = (nodeName: string, service = "web", namespace = "default") => ({
  metadata: {
    name: "l2-x7k2p",
    labels: {
      "metallb.io/node": nodeName,
      "metallb.io/service-name": service,
      "metallb.io/service-namespace": namespace,
    },
  },
});

/** A cluster as declared, with MetalLB of a version of 0.13 or later. */
export function healthyWith(version: MetallbVersion, changes: object = {}): Objects {
  const none = [paths.config, ...["controller-1", "speaker-1", "speaker-2"].map((name) => metricsPath(name, 7472))];
  const { port, secure } = runningOf(version).metrics;
  const announced = `metallb_speaker_announced{ip="192.168.1.240",node="node1",protocol="layer2",service="default/web"} 1`;
  const served = {
    [metricsPath("controller-1", port)]: metrics(),
    [metricsPath("speaker-1", port)]: metrics({ announced, start: 1.5 }),
    [metricsPath("speaker-2", port)]: metrics({ start: 2.5 }),
  };
  const written = {
    [resourcePath("configurationstates")]: {
      items: [
        state("controller", "controller-1"),
        state("speaker-node1", "speaker-1"),
        state("speaker-node2", "speaker-2"),
      ],
    },
    [resourcePath("servicel2statuses")]: { items: [announcedBy("node1")] },
    [resourcePath("servicebgpstatuses")]: { items: [] },
  };
  return {
    ...healthy(),
    ...Object.fromEntries(none.map((path) => [path, undefined])),
    ...(secure ? written : served),
    ...liveResources(metallbOf(version, changes).metallb),
    [webhookPath]: { webhooks: [{ clientConfig: { caBundle: "Q0E=" } }, { clientConfig: { caBundle: "Q0E=" } }] },
    [paths.nodes]: { items: [node("node1", "192.168.1.10"), node("node2", "192.168.1.11")] },
    [paths.controller]: deployment(1, `quay.io/metallb/controller:v${version}`),
    [paths.speaker]: daemonSet("speaker", `quay.io/metallb/speaker:v${version}`),
    [paths.pods]: {
      items: [
        podOf(version, "controller-1", "controller", "node2"),
        podOf(version, "speaker-1", "speaker", "node1"),
        podOf(version, "speaker-2", "speaker", "node2"),
      ],
    },
  };
}
