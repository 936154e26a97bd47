import type { ClusterConfig } from "../../cluster/schema";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { resourceGroup, resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { isLoadBalancer } from "../load-balancers";
import { findInstallations, type Installation } from "../metallb/installation";
import type { ReportFile } from "./part";
import type { Redaction } from "./redaction";

/** What of an object is looked at here. */
interface LiveObject {
  readonly kind?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

type Get = Pick<KubernetesApi, "get">;

/** The objects that MetalLB, kube-proxy and the Services are made of, each file by itself, as YAML. No Secret is among them. */
export async function clusterObjects(
  api: KubernetesApi,
  { metallb: declared }: ClusterConfig,
  redaction: Redaction,
): Promise<ReportFile[]> {
  const { metallb } = await findInstallations(api);
  const { namespace, controller, speaker, podSelector, configMap } = metallb;
  const apps = (place: string) => `/apis/apps/v1/namespaces/${place}`;
  const pods = (place: string, selector: string) =>
    listed(api, "Pod", `/api/v1/namespaces/${place}/pods?labelSelector=${encodeURIComponent(selector)}`);
  const kubeProxy = "kube-system";
  const asked: Readonly<Record<string, () => Promise<readonly unknown[]>>> = {
    services: async () =>
      (await listed(api, "Service", "/api/v1/services")).filter((one) => isLoadBalancer(one as object)),
    nodes: async () => (await listed(api, "Node", "/api/v1/nodes")).map(withoutImages),
    "metallb-workloads": async () => [
      ...(await one(api, "Namespace", `/api/v1/namespaces/${namespace}`)),
      ...(await one(api, "Deployment", `${apps(namespace)}/deployments/${controller}`)),
      ...(await one(api, "DaemonSet", `${apps(namespace)}/daemonsets/${speaker}`)),
    ],
    "metallb-pods": () => pods(namespace, podSelector),
    "metallb-configuration": () =>
      usesCustomResources(declared.version)
        ? customResources(api, metallb)
        : one(api, "ConfigMap", `/api/v1/namespaces/${namespace}/configmaps/${configMap}`),
    "kube-proxy": async () => [
      ...(await one(api, "ConfigMap", `/api/v1/namespaces/${kubeProxy}/configmaps/kube-proxy`)).map(configurationAlone),
      ...(await one(api, "DaemonSet", `${apps(kubeProxy)}/daemonsets/kube-proxy`)),
    ],
    "kube-proxy-pods": () => pods(kubeProxy, "k8s-app=kube-proxy"),
  };
  return Promise.all(
    Object.entries(asked).map(async ([name, ask]): Promise<ReportFile> => {
      const file = `objects/${name}.yaml`;
      try {
        return { name: file, content: { yaml: (await ask()).map((object) => redaction.data(object)) } };
      } catch (error) {
        return { name: file, problem: apiProblem(error) };
      }
    }),
  );
}

/** The objects of a list, in which they do not say their kind. */
async function listed(api: Get, kind: string, path: string): Promise<LiveObject[]> {
  const { items = [] } = ((await api.get(path)) ?? {}) as { readonly items?: readonly LiveObject[] };
  return items.map((item) => ({ kind, ...item }));
}

async function one(api: Get, kind: string, path: string): Promise<LiveObject[]> {
  const found = (await api.get(path)) as LiveObject | undefined;
  return found === undefined ? [] : [{ kind, ...found }];
}

/** What MetalLB is told, and what it says of it. */
async function customResources(api: Get, { namespace }: Installation): Promise<LiveObject[]> {
  const states = [
    { kind: "ConfigurationState", plural: "configurationstates", version: "v1beta1" },
    { kind: "ServiceL2Status", plural: "servicel2statuses", version: "v1beta1" },
    { kind: "ServiceBGPStatus", plural: "servicebgpstatuses", version: "v1beta1" },
  ];
  const lists = await Promise.all(
    [...resourceKinds, ...states].map(({ kind, plural, version }) =>
      listed(api, kind, `/apis/${resourceGroup}/${version}/namespaces/${namespace}/${plural}`),
    ),
  );
  const webhook = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/metallb-webhook-configuration";
  return [...lists.flat(), ...(await one(api, "ValidatingWebhookConfiguration", webhook))];
}

/** They are many, and of no use. */
function withoutImages(node: LiveObject): LiveObject {
  const status = Object.entries(node.status ?? {}).filter(([key]) => key !== "images");
  return { ...node, status: Object.fromEntries(status) };
}

/** The ConfigMap's other key is a kubeconfig. */
const configurationAlone = (configMap: LiveObject): LiveObject => ({
  ...configMap,
  data: { "config.conf": configMap.data?.["config.conf"] },
});
