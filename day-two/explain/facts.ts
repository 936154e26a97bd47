import type {
  CoreV1Event,
  V1DaemonSet,
  V1Namespace,
  V1Node,
  V1Pod,
  V1Service,
  V1Toleration,
} from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import type { ClusterConfig } from "../../cluster/schema";
import { bgpSessionStates } from "../../stacks/metallb/release/frr-k8s";
import { isSince } from "../../values/versions";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { PerNode } from "../../remote/ssh/every-node";
import { ingressAddresses } from "../load-balancers";
import { type Announced, findAnnounced } from "../metallb/announced";
import { compareConfiguration, type ConfigurationPart, readConfiguration } from "../metallb/configuration";
import { type BgpSession, readBgpSessions } from "../metallb/frr-k8s";
import { findInstallations, type Installation, type Installations, ownInstallation } from "../metallb/installation";
import { declaredPools, type LivePools, poolsIn } from "../metallb/live-pools";
import { type PodMetrics, readMetrics } from "../metallb/metrics";
import { componentOf, metallbPods } from "../metallb/pods";
import type { ServiceFacts } from "../nodes/node-facts";
import { serviceEvents } from "../service-events";
import type { Check } from "../verify/check";
import { verifyStates, verifyTaken } from "../verify/configuration-taken";
import { verifyFrrK8s } from "../verify/frr-k8s";
import { verifyMemberlist } from "../verify/memberlist";
import { type Endpoint, findEndpoints } from "./endpoints";
import type { Connection } from "./from-here";
import { lookAt, type Looked } from "./looked";

/** What the Kubernetes API tells of a Service and of all that it takes to reach it. */
export interface ClusterFacts {
  readonly config: ClusterConfig;
  readonly service: V1Service;
  /** All of the cluster. */
  readonly services: Looked<readonly V1Service[]>;
  readonly nodes: Looked<readonly V1Node[]>;
  readonly namespaces: Looked<readonly V1Namespace[]>;
  readonly installations: Looked<Installations>;
  /** The MetalLB that is looked at: that of `installations`, or else these stacks' own. */
  readonly metallb: Installations["metallb"];
  readonly pods: Looked<readonly V1Pod[]>;
  readonly daemonSet: Looked<V1DaemonSet | undefined>;
  /** MetalLB's pools and routers as they are; as declared where they cannot be read. */
  readonly live: LivePools;
  readonly configuration: Looked<readonly ConfigurationPart[]>;
  readonly endpoints: Looked<readonly Endpoint[]>;
  /** What was said of the Service, the latest first. */
  readonly events: Looked<readonly CoreV1Event[]>;
  readonly metrics: Looked<readonly PodMetrics[] | undefined>;
  readonly announced: Looked<readonly Announced[]>;
  /** Whether MetalLB's pods took the configuration, by verify's checks. */
  readonly taken: Looked<readonly Check[]>;
  /** Which speakers each speaker counts as members, by verify's checks. */
  readonly memberlist: Looked<readonly Check[]>;
  readonly kubeProxies: Looked<readonly V1Pod[]>;
  /** Whether frr-k8s runs, and took what the speakers made, by verify's checks; none with another bgpType. */
  readonly frrK8s: Looked<readonly Check[]>;
  /** The BGP sessions, with frr-k8s from MetalLB 0.15 on; undefined where nothing in the cluster tells them. */
  readonly sessions: Looked<readonly BgpSession[] | undefined>;
}

/** What this host and the nodes tell, beside what the cluster does. */
export interface Facts extends ClusterFacts {
  /** What each declared node said over SSH; or why none could be asked. */
  readonly onNodes: Looked<readonly PerNode<ServiceFacts>[]>;
  readonly fromHere: FromHere;
}

/** What an attempt to reach the Service from this host shows. */
export interface FromHere {
  /** Those of the nodes' addresses that are this host's: an answer proves nothing then. */
  readonly own: readonly string[];
  /** Addresses of the Service whose network this host is on. */
  readonly onNetwork: readonly string[];
  /** The address that this host asks from, by the one that it asks; absent where it has no route. */
  readonly asksFrom: Readonly<Record<string, string | undefined>>;
  readonly connections: readonly Connection[];
  readonly arp: readonly Check[];
}

export const speakersOf = ({ pods }: Pick<ClusterFacts, "pods">): V1Pod[] =>
  (pods.value ?? []).filter((pod) => componentOf(pod) === "speaker");

/** What the speakers' DaemonSet tolerates, beside what Kubernetes lets every DaemonSet tolerate; undefined where it cannot be read. */
export const tolerationsOf = ({ daemonSet: { value } }: Pick<ClusterFacts, "daemonSet">): V1Toleration[] | undefined =>
  value && [...(value.spec?.template.spec?.tolerations ?? []), ...ofEveryDaemonSet];

/** Upstream: AddOrUpdateDaemonPodTolerations in pkg/controller/daemon/util. */
const ofEveryDaemonSet: readonly V1Toleration[] = [
  "not-ready",
  "unreachable",
  "disk-pressure",
  "memory-pressure",
  "pid-pressure",
  "unschedulable",
  "network-unavailable",
].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: "Exists" }));

/** What the speakers say of themselves; with why some could not be asked. */
export const speakerMetricsOf = ({ metrics }: Pick<ClusterFacts, "metrics">): PodMetrics[] =>
  (metrics.value ?? []).filter(({ pod }) => componentOf(pod) === "speaker");

export const addressesOf = ({ service }: Pick<ClusterFacts, "service">): string[] => ingressAddresses(service);

/** The ports of TCP of a Service. */
export const tcpPortsOf = ({ service }: Pick<ClusterFacts, "service">): number[] =>
  (service.spec?.ports ?? []).filter(({ protocol = "TCP" }) => protocol === "TCP").map(({ port }) => port);

/** Asks the Kubernetes API for all of it, side by side. What it refuses hides nothing else. */
export async function findClusterFacts(
  api: KubernetesApi,
  config: ClusterConfig,
  { service, services }: Pick<ClusterFacts, "service" | "services">,
): Promise<ClusterFacts> {
  const { core } = api;
  const { metallb: declared } = config;
  const { namespace = "", name = "" } = service.metadata ?? {};
  const installations = await lookAt(findInstallations(api));
  const metallb = installations.value?.metallb ?? ownInstallation;
  const podsAsked = lookAt(metallbPods(api, metallb));
  const metricsAsked = podsAsked.then(({ value = [], problem }) =>
    problem === undefined ? lookAt(readMetrics(api, metallb, value, declared.version)) : { problem },
  );
  const readAsked = lookAt(readConfiguration(api, metallb, declared));
  const items = async <T>(list: Promise<{ readonly items: readonly T[] }>) => lookAt(list.then((found) => found.items));
  const [
    nodes,
    namespaces,
    pods,
    daemonSet,
    read,
    endpoints,
    events,
    metrics,
    announced,
    taken,
    memberlist,
    kubeProxies,
    frrK8s,
    sessions,
  ] = await Promise.all([
    items(core.listNode()),
    items(core.listNamespace()),
    podsAsked,
    lookAt(
      api.get(`/apis/apps/v1/namespaces/${metallb.namespace}/daemonsets/${metallb.speaker}`) as Promise<
        V1DaemonSet | undefined
      >,
    ),
    readAsked,
    lookAt(findEndpoints(api, service, declared)),
    lookAt(serviceEvents(api, { namespace, name })),
    metricsAsked,
    metricsAsked.then((found) =>
      found.problem === undefined ? lookAt(findAnnounced(api, metallb, found.value)) : { problem: found.problem },
    ),
    Promise.all([podsAsked, metricsAsked]).then(([ofPods, ofMetrics]) => {
      if (ofMetrics.problem !== undefined) return { problem: ofMetrics.problem };
      return lookAt(
        ofMetrics.value === undefined
          ? verifyStates(api, metallb, ofPods.value ?? [])
          : verifyTaken(
              api,
              metallb,
              ofMetrics.value.filter(({ problem }) => problem === undefined),
            ),
      );
    }),
    podsAsked.then(({ value = [], problem }) =>
      problem === undefined ? lookAt(verifyMemberlist(api, config, metallb, value)) : { problem },
    ),
    items(core.listNamespacedPod({ namespace: "kube-system", labelSelector: "k8s-app=kube-proxy" })),
    podsAsked.then(({ value = [], problem }) =>
      problem === undefined ? lookAt(verifyFrrK8s(api, config, metallb, value)) : { problem },
    ),
    lookAt(sessionsOf(api, metallb, declared)),
  ]);
  return {
    config,
    service,
    services,
    nodes,
    namespaces,
    installations,
    metallb,
    pods,
    daemonSet,
    live: read.value === undefined ? declaredPools(declared) : poolsIn(read.value),
    configuration: read.value === undefined ? read : { value: compareConfiguration(read.value, metallb, declared) },
    endpoints,
    events,
    metrics,
    announced,
    taken,
    memberlist,
    kubeProxies,
    frrK8s,
    sessions,
  };
}

/** The BGP sessions of all nodes, where objects in the cluster tell them. */
const sessionsOf = async (
  api: Pick<KubernetesApi, "get">,
  metallb: Installation,
  { bgpType, version }: ClusterConfig["metallb"],
): Promise<readonly BgpSession[] | undefined> =>
  bgpType === "frr-k8s" && isSince(version, bgpSessionStates.since) ? readBgpSessions(api, metallb) : undefined;
