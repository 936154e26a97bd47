import type { V1ConfigMap, V1Node, V1Pod, V1Service } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import { isMapping } from "../../cluster/schema-tree";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import {
  ciliumReplacement,
  type Distribution,
  distributions,
  type KindFacts,
} from "../../stacks/kube-proxy/cluster-kinds";
import { readConfigText } from "../../stacks/kube-proxy/config-text";
import { kubeProxy, originalConfigMap } from "../../stacks/kube-proxy/names";
import { UserError } from "../../values/user-error";
import type { NetworkFacts, NetworkSource } from "./networks";
import { isControlPlane, labelsOf } from "./nodes";
import type { Mapping } from "./note";

/** What the API tells of a cluster, but for MetalLB. */
export interface LiveCluster {
  /** "1.35.4" */
  readonly version: string;
  readonly nodes: readonly V1Node[];
  readonly services: readonly V1Service[];
  readonly kind: KindFacts;
  readonly networks: NetworkFacts;
  /** Key config.conf of ConfigMap kube-system/kube-proxy. */
  readonly kubeProxyText: string | undefined;
  readonly hasKubeProxy: boolean;
  /** "10.0.0.100:6443", as kubeadm was given it. */
  readonly controlPlaneEndpoint: string | undefined;
  /** Whether these stacks were deployed here before. */
  readonly deployedBefore: boolean;
  /** What could not be read, each with the answer. */
  readonly unread: readonly string[];
}

/** Reads all of it. @throws UserError where the API refuses what nothing can be written without. */
export async function readLiveCluster(api: Pick<KubernetesApi, "get">): Promise<LiveCluster> {
  const unread: string[] = [];
  /** For what there are other sources of. */
  const ifAllowed = async (path: string): Promise<unknown> => {
    try {
      return await api.get(path);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      unread.push(error.message.split(": ")[0] ?? "");
      return undefined;
    }
  };
  const configMap = async (name: string) =>
    (await api.get(`/api/v1/namespaces/kube-system/configmaps/${name}`)) as V1ConfigMap | undefined;
  const [versions, nodes, services, kubeadm, ofKubeProxy, cilium, original, daemonSet, pods, serviceCIDR] =
    await Promise.all([
      api.get("/version") as Promise<{ readonly gitVersion?: string } | undefined>,
      listOf<V1Node>(api.get("/api/v1/nodes")),
      listOf<V1Service>(api.get("/api/v1/services")),
      configMap("kubeadm-config"),
      configMap(kubeProxy.name),
      configMap(ciliumReplacement.configMap),
      configMap(originalConfigMap.name),
      api.get(`/apis/apps/v1/namespaces/${kubeProxy.namespace}/daemonsets/${kubeProxy.name}`),
      listOf<V1Pod>(ifAllowed("/api/v1/namespaces/kube-system/pods?labelSelector=tier%3Dcontrol-plane")),
      ifAllowed("/apis/networking.k8s.io/v1/servicecidrs/kubernetes"),
    ]);
  const version = /^v?(1\.\d{1,2}(\.\d{1,3})?)/.exec(versions?.gitVersion ?? "")?.[1];
  if (version === undefined) {
    throw new UserError(
      `GET /version tells no version of Kubernetes, but ${JSON.stringify(versions?.gitVersion)}; expected one such as v1.35.4: see whether the context leads to a Kubernetes API`,
    );
  }
  const kubeadmConfig = readConfigText(kubeadm?.data?.["ClusterConfiguration"] ?? "") ?? {};
  const kubeProxyText = ofKubeProxy?.data?.["config.conf"];
  const first = nodes[0];
  return {
    version,
    nodes,
    services,
    kind: {
      kubeletVersion: first?.status?.nodeInfo?.kubeletVersion ?? "",
      labels: first === undefined ? {} : labelsOf(first),
      ...(cilium?.data && { ciliumData: cilium.data }),
    },
    networks: {
      ...networkSources(nodes, { kubeadmConfig, kubeProxyText, pods, serviceCIDR }),
      apiService: apiServiceOf(services),
      ofNodes: nodes.flatMap(({ spec }) => spec?.podCIDRs ?? spec?.podCIDR ?? []),
    },
    kubeProxyText,
    hasKubeProxy: daemonSet !== undefined,
    controlPlaneEndpoint: textOf(kubeadmConfig["controlPlaneEndpoint"]),
    deployedBefore: original !== undefined,
    unread,
  };
}

async function listOf<Item>(list: Promise<unknown>): Promise<readonly Item[]> {
  return ((await list) as { readonly items?: readonly Item[] } | undefined)?.items ?? [];
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

function apiServiceOf(services: readonly V1Service[]): string[] {
  const service = services.find(({ metadata }) => metadata?.namespace === "default" && metadata.name === "kubernetes");
  return service?.spec?.clusterIPs ?? [service?.spec?.clusterIP ?? []].flat();
}

interface Sources {
  readonly kubeadmConfig: Mapping;
  readonly kubeProxyText: string | undefined;
  /** The control plane's, as kubelet runs them. */
  readonly pods: readonly V1Pod[];
  readonly serviceCIDR: unknown;
}

/** Who tells the two networks, the best source first. */
function networkSources(
  nodes: readonly V1Node[],
  { kubeadmConfig, kubeProxyText, pods, serviceCIDR }: Sources,
): Pick<NetworkFacts, "pods" | "services"> {
  const networking = kubeadmConfig["networking"];
  const ofKubeadm = isMapping(networking) ? networking : {};
  const kubeadm = "ConfigMap kube-system/kubeadm-config";
  const argumentOf = (program: string, name: string): NetworkSource => {
    const containers = pods
      .filter(({ metadata }) => metadata?.labels?.["component"] === program)
      .flatMap(({ spec }) => spec?.containers ?? []);
    const words = containers.flatMap(({ command = [], args = [] }) => [...command, ...args]);
    return { text: valueOf(words, name), source: `${program}'s --${name}` };
  };
  const ofDistribution = (name: string): NetworkSource[] =>
    distributions.map((distribution) => ({
      text: valueOf(nodeArguments(nodes, distribution), name),
      source: `the server's --${name}`,
    }));
  const spec = isMapping(serviceCIDR) && isMapping(serviceCIDR["spec"]) ? serviceCIDR["spec"] : {};
  const cidrs = Array.isArray(spec["cidrs"]) ? spec["cidrs"].join(",") : undefined;
  return {
    pods: [
      { text: textOf(ofKubeadm["podSubnet"]), source: kubeadm },
      argumentOf("kube-controller-manager", "cluster-cidr"),
      ...ofDistribution("cluster-cidr"),
      {
        text: textOf(readConfigText(kubeProxyText ?? "")?.["clusterCIDR"]),
        source: "ConfigMap kube-system/kube-proxy",
      },
    ],
    services: [
      { text: cidrs, source: "ServiceCIDR kubernetes" },
      { text: textOf(ofKubeadm["serviceSubnet"]), source: kubeadm },
      argumentOf("kube-apiserver", "service-cluster-ip-range"),
      ...ofDistribution("service-cidr"),
    ],
  };
}

/** What k3s and RKE2 write on their nodes: the arguments that they were started with, as a list in JSON. */
function nodeArguments(nodes: readonly V1Node[], distribution: Distribution): readonly string[] {
  const text = nodes
    .filter(isControlPlane)
    .map(({ metadata }) => metadata?.annotations?.[`${distribution}.io/node-args`]);
  try {
    const words: unknown = JSON.parse(text.find((one) => one !== undefined) ?? "[]");
    return Array.isArray(words) ? words.map(String) : [];
  } catch {
    return [];
  }
}

/** An argument's value: --name=value, or the next word. */
function valueOf(words: readonly string[], name: string): string | undefined {
  const at = words.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = words[at];
  return word === `--${name}` ? words[at + 1] : word?.slice(name.length + 3);
}
