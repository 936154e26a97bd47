import type { ClusterConfig } from "../../../cluster/schema";
import { readCluster } from "../../../cluster/read";
import { initialFile, type InitialFile, type InitOptions } from "../../../day-two/init/init";
import { connectKubernetes } from "../../../remote/kubernetes/connect";
import { workloadSelectors } from "../../../stacks/metallb/other-metallb";
import { customResources } from "../../../stacks/metallb/pools/custom-resources";
import { configText } from "../../../stacks/metallb/pools/config-text";
import { resourceKinds } from "../../../stacks/metallb/pools/resource-kinds";
import { usesCustomResources } from "../../../stacks/metallb/release/releases";
import { type MetallbConfig, metallbSchema } from "../../../stacks/metallb/schema/metallb";
import { problemText } from "../../../values/problem";
import { ApiServer } from "../../remote/kubernetes/api-server";
import { asHelmHasThem } from "../helm-cluster";
import { answersOf, type Objects, paths } from "../verify/healthy-cluster";
import { resourcePath } from "../verify/healthy-resources";

// Clusters as their APIs have them, for what init makes of them.

export const controlPlane = { "node-role.kubernetes.io/control-plane": "" };
export const excluded = { "node.kubernetes.io/exclude-from-external-load-balancers": "" };

interface NodeFacts {
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly ready?: "True" | "False";
  readonly kubelet?: string;
  readonly podCIDRs?: readonly string[];
}

/** A node with its InternalIPs. */
export const node = (
  name: string,
  addresses: readonly string[],
  { labels = {}, annotations = {}, ready = "True", kubelet = "v1.35.4", podCIDRs = [] }: NodeFacts = {},
) => ({
  metadata: { name, labels: { "kubernetes.io/os": "linux", ...labels }, annotations },
  spec: { podCIDRs },
  status: {
    addresses: [...addresses.map((address) => ({ type: "InternalIP", address })), { type: "Hostname", address: name }],
    conditions: [{ type: "Ready", status: ready }],
    nodeInfo: { kubeletVersion: kubelet },
  },
});

export const apiService = (...clusterIPs: string[]) => ({
  metadata: { namespace: "default", name: "kubernetes" },
  spec: { type: "ClusterIP", clusterIP: clusterIPs[0], clusterIPs },
});

const kubeSystem = (name: string) => `/api/v1/namespaces/kube-system/configmaps/${name}`;
export const kubeadmPath = kubeSystem("kubeadm-config");
export const ciliumPath = kubeSystem("cilium-config");
export const originalPath = kubeSystem("baremetal-lb-kube-proxy-original");

export const kubeadmConfig = (podSubnet: string, serviceSubnet: string, more = "") => ({
  data: {
    ClusterConfiguration: `apiVersion: kubeadm.k8s.io/v1beta4\nclusterName: kubernetes\nkind: ClusterConfiguration\n${more}networking:\n  dnsDomain: cluster.local\n  podSubnet: ${podSubnet}\n  serviceSubnet: ${serviceSubnet}\n`,
  },
});

/** kube-proxy's ConfigMap with a text such as kubeadm writes. */
export const proxyConfig = (text: string) => ({
  data: {
    "config.conf": `apiVersion: kubeproxy.config.k8s.io/v1alpha1\nkind: KubeProxyConfiguration\n${text}`,
  },
});

const iptables = `clusterCIDR: 10.244.0.0/16\nipvs:\n  excludeCIDRs: null\n  scheduler: ""\n  strictARP: false\n  tcpTimeout: 0s\nmode: ""\n`;
export const ipvs = iptables.replace("strictARP: false", "strictARP: true").replace('mode: ""', "mode: ipvs");

/** kubeadm's, without MetalLB: a control-plane node and two workers, kube-proxy as it comes. */
export const kubeadm = (): Objects => ({
  "/version": { gitVersion: "v1.35.4" },
  [paths.nodes]: {
    items: [
      node("master1", ["192.168.1.10"], { labels: { ...controlPlane, ...excluded } }),
      node("worker1", ["192.168.1.21"]),
      node("worker2", ["192.168.1.22"]),
    ],
  },
  [paths.services]: { items: [apiService("10.96.0.1")] },
  [kubeadmPath]: kubeadmConfig("10.244.0.0/16", "10.96.0.0/12"),
  [paths.kubeProxyConfig]: proxyConfig(iptables),
  [paths.kubeProxy]: {},
});

const labelsOf = (component: string) => ({ app: "metallb", component });

/** A pod template of a program's, as upstream's manifest has it. */
export const template = (
  component: "controller" | "speaker",
  image: string,
  more: object = {},
  container: object = {},
) => ({
  metadata: { labels: labelsOf(component) },
  spec: {
    nodeSelector: { "kubernetes.io/os": "linux" },
    ...(component === "speaker" && {
      tolerations: ["master", "control-plane"].map((name) => ({
        key: `node-role.kubernetes.io/${name}`,
        operator: "Exists",
        effect: "NoSchedule",
      })),
    }),
    containers: [{ name: component, image, ...container }],
    ...more,
  },
});

const workload = (component: "controller" | "speaker", podTemplate: object) => ({
  metadata: { namespace: "metallb-system", name: component, labels: labelsOf(component) },
  spec: { template: podTemplate },
});

export const byManifest = (plural: "deployments" | "daemonsets") =>
  `/apis/apps/v1/${plural}?labelSelector=${workloadSelectors.manifest}`;

/** The workloads of a MetalLB out of upstream's manifest, or with templates of one's own. */
export function workloads(
  version: string,
  templates: { readonly controller?: object; readonly speaker?: object } = {},
): Objects {
  const registry = version.startsWith("0.9.") ? "docker.io/metallb" : "quay.io/metallb";
  const limits = version.startsWith("0.9.") ? { resources: { limits: { cpu: "100m", memory: "100Mi" } } } : {};
  const of = (component: "controller" | "speaker") =>
    workload(
      component,
      templates[component] ?? template(component, `${registry}/${component}:v${version}`, {}, limits),
    );
  return {
    [byManifest("deployments")]: { items: [of("controller")] },
    [byManifest("daemonsets")]: { items: [of("speaker")] },
    [paths.controller]: of("controller"),
    [paths.speaker]: of("speaker"),
  };
}

/** An object of MetalLB's, with what an API server fills in. */
export function asLive(resource: { readonly kind: string; readonly metadata: object; readonly spec: object }): object {
  const { defaults } = resourceKinds.find(({ kind }) => kind === resource.kind) ?? { defaults: {} };
  return {
    ...resource,
    metadata: { creationTimestamp: "2026-11-24T06:48:47Z", generation: 1, ...resource.metadata },
    spec: { ...defaults, ...resource.spec },
  };
}

/** Custom resources by their kinds, as lists of the API. */
export const resources = (
  all: readonly { readonly kind: string; readonly metadata: object; readonly spec: object }[],
): Objects =>
  Object.fromEntries(
    resourceKinds.map(({ kind, plural, version }) => [
      resourcePath(plural, version),
      { items: all.filter((one) => one.kind === kind).map(asLive) },
    ]),
  );

export const configMap = (text: string): Objects => ({ [paths.config]: { data: { config: text } } });

/** A cluster as one looks to which a section `metallb` was deployed. */
export function deployed(written: object, base: Objects = kubeadm()): { objects: Objects; metallb: MetallbConfig } {
  const metallb = metallbSchema.parse(written);
  const pools = usesCustomResources(metallb.version)
    ? resources(customResources(metallb))
    : configMap(configText(metallb));
  return { metallb, objects: { ...base, ...workloads(metallb.version), ...pools } };
}

/** The answer to a request that the user has no right to. */
export const forbidden = { forbidden: true };

/** What init makes of a cluster, whose kubeconfig names another address of the API server than that of the test. */
export async function init(objects: Objects, changes: Partial<InitOptions> = {}): Promise<InitialFile> {
  const answer = answersOf(objects);
  const refused = { status: 403, json: { kind: "Status", message: "no right", code: 403 } };
  const server = await ApiServer.start((path, query) => (objects[path] === forbidden ? refused : answer(path, query)));
  try {
    const source = { source: "kubeconfig", path: server.kubeconfig, context: "admin" } as const;
    const api = await connectKubernetes(source, { home: "/", environment: {} });
    return await initialFile(api, {
      context: {
        path: "~/.kube/config",
        context: "admin",
        clusterName: "kubernetes",
        server: "https://192.168.1.10:6443",
      },
      ssh: { value: { user: "root", agent: true }, notes: [] },
      schema: "./cluster.schema.json",
      ...changes,
    });
  } finally {
    await server.stop();
  }
}

/** What check says of a file that has no host keys yet, and its content. */
export function checked({ text }: InitialFile): { problems: string[]; config: ClusterConfig | undefined } {
  const { problems, config } = readCluster(text, "cluster.yaml", { hostKeysOptional: true });
  return { problems: problems.map(problemText), config };
}

/** The content of a file without a mistake. */
export function contentOf(file: InitialFile): ClusterConfig {
  const { problems, config } = checked(file);
  if (config === undefined) throw new Error([...problems, file.text].join("\n"));
  return config;
}

/** The same, made by the Helm release lb in the namespace lb. */
export const ofHelm = (objects: Objects): Objects =>
  asHelmHasThem({ ...objects, [byManifest("deployments")]: undefined, [byManifest("daemonsets")]: undefined });
