import { allPools } from "../../stacks/metallb/resources/as-sections";
import { runningOf } from "../../stacks/metallb/release/running";
import type { ClusterConfig } from "../../cluster/schema";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { isAnnouncedBy } from "../../stacks/metallb/pools/protocols";
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { startTimeOf } from "./ask-endpoints";
import { type Check, failed, list, passed, skipped } from "./check";
import { findInstallations } from "../metallb/installation";
import { componentOf, metallbPods } from "../metallb/pods";
import { announcersOf, findAnnounced } from "../metallb/announced";
import { readMetrics } from "../metallb/metrics";
import { askFromHere, type TrialEndpoint as Endpoint } from "./trial-from-here";
import { poolHas } from "../../stacks/metallb/pools/pool-addresses";
import { whyNoAddress } from "./services";
import { createTrialNamespace, removeLeftovers, removeTrialNamespace } from "./trial-namespace";
import { podProblem } from "../workload";
import { Interrupted, waitUntil } from "./wait";

const name = "trial";
const addressSeconds = 60;
const announceSeconds = 30;

/**
 * Makes a LoadBalancer Service in a namespace of its own, asks it from this host, and removes it whatever happens. What
 * answers are the metrics of two speakers, or that they may not be read: they are there on every node, so no image has to
 * be pulled.
 */
export async function tryService(api: KubernetesApi, config: ClusterConfig, signal: AbortSignal): Promise<Check[]> {
  const checks: Check[] = [];
  let namespace: string | undefined;
  try {
    checks.push(...(await removeLeftovers(api)));
    const pool = allPools(config.metallb).find(isForTrial);
    if (pool === undefined) {
      return [
        ...checks,
        skipped(
          "trial.address",
          "cluster",
          "no Service is tried: no layer2 pool has autoAssign true and is for every Service",
        ),
      ];
    }
    const endpoints = await chooseEndpoints(api, config.metallb);
    checks.push(endpointsCheck(endpoints));
    if (endpoints.length === 0) return checks;
    namespace = await createTrialNamespace(api);
    for await (const check of trial(api, config, { namespace, pool, endpoints, signal })) checks.push(check);
  } catch (error) {
    const reason =
      error instanceof Interrupted ? "the trial was interrupted" : `the trial broke off: ${apiProblem(error)}`;
    checks.push(failed("trial.whole", namespace ?? "cluster", reason));
  } finally {
    if (namespace !== undefined) checks.push(await removeTrialNamespace(api, namespace, "trial.removed"));
  }
  return checks;
}

/** Whether a pool gives its addresses to any Service, and announces them for any. */
const isForTrial = (pool: PoolConfig) =>
  isAnnouncedBy(pool, "layer2") && pool.autoAssign && pool.serviceAllocation === undefined && isForAny(pool);

const isForAny = ({ l2Advertisements }: PoolConfig) =>
  l2Advertisements.length === 0 || l2Advertisements.some(({ serviceSelectors }) => serviceSelectors.length === 0);

/** Up to two ready speakers that can be told apart. */
async function chooseEndpoints(api: KubernetesApi, { version }: MetallbConfig): Promise<Endpoint[]> {
  const { metallb } = await findInstallations(api);
  const pods = (await metallbPods(api, metallb)).filter(
    (pod) => componentOf(pod) === "speaker" && podProblem(pod) === undefined,
  );
  const metrics = await readMetrics(api, metallb, pods, version);
  const readable = metrics ?? pods.map((pod) => ({ pod, samples: undefined }));
  const chosen = new Map<number | string, Endpoint>();
  for (const { pod, samples } of readable) {
    const startTime = samples && startTimeOf(samples);
    const [node, address] = [pod.spec?.nodeName, pod.status?.hostIP];
    if ((metrics !== undefined && startTime === undefined) || node === undefined || address === undefined) continue;
    if (chosen.size < 2) chosen.set(startTime ?? node, { node, address, startTime });
  }
  return [...chosen.values()];
}

function endpointsCheck(endpoints: readonly Endpoint[]): Check {
  const id = "trial.endpoints";
  const nodes = list(endpoints.map(({ node }) => node));
  if (endpoints.length === 0) return failed(id, "cluster", "no Service is tried: no speaker's metrics can be read");
  const only = endpoints.length === 1 ? ", the only one: how requests are spread is not shown" : "";
  return passed(id, "cluster", `the trial's endpoints are the metrics of the speakers on ${nodes}${only}`);
}

interface Trial {
  readonly namespace: string;
  readonly pool: PoolConfig;
  readonly endpoints: readonly Endpoint[];
  readonly signal: AbortSignal;
}

async function* trial(api: KubernetesApi, config: ClusterConfig, given: Trial): AsyncGenerator<Check> {
  const { namespace, pool, signal } = given;
  const place = `${namespace}/${name}`;
  await createService(api, config.metallb, given);
  const address = await waitUntil(
    addressSeconds,
    async () => (await api.core.readNamespacedService({ namespace, name })).status?.loadBalancer?.ingress?.[0]?.ip,
    signal,
  );
  if (address === undefined) {
    const why = await whyNoAddress(api, namespace, name);
    yield failed(
      "trial.address",
      place,
      `Service ${place} was given no address of the pool ${pool.name} within ${addressSeconds} s${why}`,
    );
    return;
  }
  yield poolHas(pool, address)
    ? passed("trial.address", place, `Service ${place} was given ${address}, of the pool ${pool.name}`)
    : failed("trial.address", place, `Service ${place} was given ${address}, which is not in the pool ${pool.name}`);
  yield await announced(api, config.metallb, place, address, signal);
  yield* askFromHere(config, { place, address, endpoints: given.endpoints, signal });
}

async function createService(
  { core }: KubernetesApi,
  { version, loadBalancerClass }: MetallbConfig,
  { namespace, pool, endpoints }: Trial,
): Promise<void> {
  const { annotationPrefix, metrics } = runningOf(version);
  const annotations = { [`${annotationPrefix}/address-pool`]: pool.name };
  // Cluster, so that every node sends requests to both endpoints.
  const spec = {
    type: "LoadBalancer",
    ...(loadBalancerClass !== undefined && { loadBalancerClass }),
    externalTrafficPolicy: "Cluster",
    ports: [{ name: "http", port: 80, targetPort: metrics.port, protocol: "TCP" }],
  };
  await core.createNamespacedService({ namespace, body: { metadata: { name, annotations }, spec } });
  // Endpoints, not an EndpointSlice: MetalLB 0.9 looks at them alone, and announces from the nodes that they name; 0.10 to
  // 0.12 do from Kubernetes 1.25 on.
  // Kubernetes itself makes the EndpointSlice for kube-proxy, and for newer versions of MetalLB.
  const subset = {
    addresses: endpoints.map(({ node, address }) => ({ ip: address, nodeName: node })),
    ports: [{ name: "http", port: metrics.port, protocol: "TCP" }],
  };
  await core.createNamespacedEndpoints({ namespace, body: { metadata: { name }, subsets: [subset] } });
}

async function announced(
  api: KubernetesApi,
  { version }: MetallbConfig,
  place: string,
  address: string,
  signal: AbortSignal,
): Promise<Check> {
  const id = "trial.announced";
  const { metallb } = await findInstallations(api);
  let nodes: string[] = [];
  await waitUntil(
    announceSeconds,
    async () => {
      const metrics = await readMetrics(api, metallb, await metallbPods(api, metallb), version);
      nodes = announcersOf(await findAnnounced(api, metallb, metrics), place, address, "layer2");
      return nodes.length === 1 ? true : undefined;
    },
    signal,
  );
  if (nodes.length === 1) return passed(id, place, `${list(nodes)} announces ${address}`);
  const found = nodes.length === 0 ? "no node announces" : `${list(nodes)} announce`;
  return failed(id, place, `${found} ${address} after ${announceSeconds} s, expected one node`);
}
