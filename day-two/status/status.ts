import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { ClusterConfig } from "../../cluster/schema";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { findAnnouncements } from "./announcements";
import { type NodeStatus, nodeStatus } from "./nodes";
import { frrK8sPods } from "../metallb/frr-k8s";
import { findInstallations, type Installation, whoseText } from "../metallb/installation";
import { lookedAfter } from "../metallb/load-balancer-class";
import { componentOf, metallbPods } from "../metallb/pods";
import { liveConfiguration } from "../metallb/configuration";
import { configurationNotes } from "./configuration";
import { type PoolStatus, poolStatus } from "./pools";
import { type ServiceStatus, serviceStatus } from "./services";
import { UserError } from "../../values/user-error";
import { podHealth } from "../workload";

/** What an operator wants to know each morning. */
export interface StatusReport {
  readonly cluster: string;
  readonly pools: readonly PoolStatus[];
  readonly services: readonly ServiceStatus[];
  readonly nodes: readonly NodeStatus[];
  /** What is strange, and what could not be found out. */
  readonly notes: readonly string[];
}

/**
 * Asks the Kubernetes API, everything side by side, and judges nothing.
 * @throws UserError if it cannot be asked.
 */
export async function findStatus(config: ClusterConfig, api: KubernetesApi): Promise<StatusReport> {
  const found = await askEverything(api, config.metallb).catch((error: unknown) => {
    throw new UserError(apiProblem(error));
  });
  const services = serviceStatus(found.services, config, found);
  const nodes = nodeStatus(config, found);
  return {
    cluster: config.name,
    pools: poolStatus(config.metallb, found.services, found.nodes),
    services: services.status,
    nodes: nodes.status,
    notes: [...found.poolNotes, ...services.notes, ...nodes.notes, ...found.announcements.notes],
  };
}

async function askEverything(api: KubernetesApi, metallb: MetallbConfig) {
  const { core } = api;
  const servicesAsked = core.listServiceForAllNamespaces().then(({ items }) => items);
  const installationsAsked = findInstallations(api);
  const speakersAsked = installationsAsked
    .then((found) => metallbPods(api, found.metallb))
    .then((pods) => pods.filter((pod) => componentOf(pod) === "speaker"));
  const [services, nodes, kubeProxies, speakers, announcements, poolNotes, installations, frrK8s] = await Promise.all([
    servicesAsked,
    core.listNode().then(({ items }) => items),
    core
      .listNamespacedPod({ namespace: "kube-system", labelSelector: "k8s-app=kube-proxy" })
      .then(({ items }) => items),
    speakersAsked,
    Promise.all([installationsAsked, speakersAsked, servicesAsked]).then(([found, ofSpeakers, ofServices]) =>
      findAnnouncements(api, metallb.version, { metallb: found.metallb, speakers: ofSpeakers, services: ofServices }),
    ),
    installationsAsked.then(async (found) =>
      configurationNotes(await liveConfiguration(api, found.metallb, metallb), found.metallb),
    ),
    installationsAsked,
    Promise.all([installationsAsked, speakersAsked]).then(([found, ofSpeakers]) =>
      frrK8sNotes(api, found.metallb, metallb, ofSpeakers),
    ),
  ]);
  const { metallb: looked, other, several } = installations;
  const whose = other === undefined ? [] : [several ? other : whoseText(looked)];
  const classes = lookedAfter(looked, metallb).flatMap(({ problem }) => problem ?? []);
  return {
    services,
    nodes,
    kubeProxies,
    speakers,
    announcements,
    poolNotes: [...whose, ...classes.map((problem) => `${problem}: ${looked.mend}`), ...poolNotes, ...frrK8s],
  };
}

/** Nodes whose speaker has no frr-k8s beside it. Who made that which is no part of these stacks may call it otherwise. */
async function frrK8sNotes(
  api: Pick<KubernetesApi, "core">,
  { namespace, own }: Installation,
  { bgpType }: MetallbConfig,
  speakers: readonly V1Pod[],
): Promise<string[]> {
  if (bgpType !== "frr-k8s" || !own) return [];
  const daemons = await frrK8sPods(api, { namespace });
  const nodes = [...new Set(speakers.map(({ spec }) => spec?.nodeName ?? ""))].sort();
  return nodes.flatMap((node) => {
    const health = podHealth(daemons, node);
    return health === "ready" ? [] : [`frr-k8s on ${node} is ${health}: its speaker announces nothing by BGP`];
  });
}
