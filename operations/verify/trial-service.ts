import type { ClusterConfig, PoolConfig } from "../../config/schema/cluster";
import { apiProblem, type KubernetesApi } from "../../kubernetes/connect";
import { askEndpoints, startTimeOf } from "./ask-endpoints";
import { type Check, failed, heal, list, passed, skipped } from "./check";
import { componentOf, metallbPods } from "./metallb";
import { metricsPort, readMetrics } from "./metrics";
import { askArp, interfaceTowards, ownAddresses } from "./same-network";
import { announcersOf, inPool, whyNoAddress } from "./services";
import { createTrialNamespace, removeLeftovers, removeTrialNamespace } from "./trial-namespace";
import { podProblem } from "./workload";
import { Interrupted, waitUntil } from "./wait";

const name = "trial";
const addressSeconds = 60;
const announceSeconds = 30;
const askSeconds = 60;

/** Schedulers that send every connection of one client to the same endpoint. */
const oneEndpointEach: readonly string[] = ["sh", "dh", "mh", "lblc", "lblcr", "fo", "ovf"];

/** A speaker that serves as an endpoint. */
interface Endpoint {
  readonly node: string;
  readonly address: string;
  readonly startTime: number;
}

/**
 * Makes a LoadBalancer Service in a namespace of its own, asks it from this host, and removes it whatever happens. What
 * answers are the metrics of two speakers: they are there on every node, so no image has to be pulled.
 */
export async function tryService(api: KubernetesApi, config: ClusterConfig, signal: AbortSignal): Promise<Check[]> {
  const checks: Check[] = [];
  let namespace: string | undefined;
  try {
    checks.push(...(await removeLeftovers(api)));
    const pool = config.metallb.pools.find(({ protocol, autoAssign }) => protocol === "layer2" && autoAssign);
    if (pool === undefined) {
      return [
        ...checks,
        skipped("trial.address", "cluster", "no Service is tried: no layer2 pool has autoAssign true"),
      ];
    }
    const endpoints = await chooseEndpoints(api);
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

/** Up to two ready speakers that can be told apart. */
async function chooseEndpoints(api: KubernetesApi): Promise<Endpoint[]> {
  const pods = (await metallbPods(api)).filter(
    (pod) => componentOf(pod) === "speaker" && podProblem(pod) === undefined,
  );
  const chosen = new Map<number, Endpoint>();
  for (const { pod, samples = [] } of await readMetrics(api, pods)) {
    const startTime = startTimeOf(samples);
    const [node, address] = [pod.spec?.nodeName, pod.status?.hostIP];
    if (startTime === undefined || node === undefined || address === undefined || chosen.size === 2) continue;
    chosen.set(startTime, { node, address, startTime });
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
  await createService(api, given);
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
  yield inPool(pool, address)
    ? passed("trial.address", place, `Service ${place} was given ${address}, of the pool ${pool.name}`)
    : failed("trial.address", place, `Service ${place} was given ${address}, which is not in the pool ${pool.name}`);
  yield await announced(api, place, address, signal);
  yield* asked(config, place, address, given);
}

async function createService({ core }: KubernetesApi, { namespace, pool, endpoints }: Trial): Promise<void> {
  const annotations = { "metallb.universe.tf/address-pool": pool.name };
  // Cluster, so that every node sends requests to both endpoints.
  const spec = {
    type: "LoadBalancer",
    externalTrafficPolicy: "Cluster",
    ports: [{ name: "http", port: 80, targetPort: metricsPort, protocol: "TCP" }],
  };
  await core.createNamespacedService({ namespace, body: { metadata: { name, annotations }, spec } });
  // Endpoints, not an EndpointSlice: MetalLB 0.9 looks at them alone, and announces from the nodes that they name.
  // Kubernetes itself makes the EndpointSlice for kube-proxy.
  const subset = {
    addresses: endpoints.map(({ node, address }) => ({ ip: address, nodeName: node })),
    ports: [{ name: "http", port: metricsPort, protocol: "TCP" }],
  };
  await core.createNamespacedEndpoints({ namespace, body: { metadata: { name }, subsets: [subset] } });
}

async function announced(api: KubernetesApi, place: string, address: string, signal: AbortSignal): Promise<Check> {
  const id = "trial.announced";
  let nodes: string[] = [];
  await waitUntil(
    announceSeconds,
    async () => {
      nodes = announcersOf(await readMetrics(api, await metallbPods(api)), place, address);
      return nodes.length === 1 ? true : undefined;
    },
    signal,
  );
  if (nodes.length === 1) return passed(id, place, `${list(nodes)} announces ${address}`);
  const found = nodes.length === 0 ? "no node announces" : `${list(nodes)} announce`;
  return failed(id, place, `${found} ${address} after ${announceSeconds} s, expected one node`);
}

async function* asked(
  config: ClusterConfig,
  place: string,
  address: string,
  { endpoints, signal }: Trial,
): AsyncGenerator<Check> {
  const towards = interfaceTowards(address);
  const own = ownAddresses(config.nodes.map((node) => node.address));
  if (towards === undefined || own.length > 0) {
    const why =
      towards === undefined
        ? `this host is not on the network of ${address}`
        : `this host is a node (${list(own)}), whose answer proves nothing`;
    yield skipped("trial.http", place, `${address} was not asked: ${why}`);
    yield skipped("trial.arp", place, `ARP for ${address} was not asked: ${why}`);
    return;
  }
  yield await httpCheck(config, place, address, { endpoints, signal });
  yield await arpCheck(place, address, towards, signal);
}

async function httpCheck(
  { kubeProxy }: ClusterConfig,
  place: string,
  address: string,
  { endpoints, signal }: Pick<Trial, "endpoints" | "signal">,
): Promise<Check> {
  const id = "trial.http";
  const url = `http://${address.includes(":") ? `[${address}]` : address}/metrics`;
  const sticky = oneEndpointEach.includes(kubeProxy.scheduler);
  const enough = sticky ? 1 : endpoints.length;
  const byStart = new Map(endpoints.map(({ startTime, node }) => [startTime, node]));
  const { answered, requests, problem } = await askEndpoints(
    url,
    { endpoints: byStart, enough },
    { seconds: askSeconds, signal },
  );
  if (answered.length < enough) {
    const missing = list(endpoints.map(({ node }) => node).filter((node) => !answered.includes(node)));
    const last = problem === undefined ? "" : `; the last that failed: ${problem}`;
    const text = `${url}: ${requests} requests in ${askSeconds} s, answered by ${list(answered)}, not by ${missing}${last}`;
    return failed(
      id,
      place,
      text,
      `see that no firewall closes port ${metricsPort}/tcp between the nodes, and the nodes' checks`,
    );
  }
  const note = sticky ? ` (the scheduler ${kubeProxy.scheduler} sends one client to one endpoint)` : "";
  return passed(id, place, `${url} answers this host, from ${list(answered)}${note}`);
}

async function arpCheck(place: string, address: string, towards: string, signal: AbortSignal): Promise<Check> {
  const id = "trial.arp";
  if (address.includes(":")) return skipped(id, place, `${address} is an IPv6 address: who answers is not counted`);
  const options = { environment: process.env, root: process.getuid?.() === 0 };
  let answer = await askArp(address, towards, options);
  // The first requests may be lost.
  await waitUntil(
    15,
    async () => {
      if (answer.macs.length === 1) return true;
      answer = await askArp(address, towards, options);
      return undefined;
    },
    signal,
  );
  const { macs, counted } = answer;
  if (!counted) {
    return skipped(
      id,
      place,
      `ARP for ${address}: ${list(macs)} answered; whether others do too takes arping, and root`,
    );
  }
  if (macs.length === 1) return passed(id, place, `ARP for ${address}: one MAC answers, ${list(macs)}`);
  const text = `ARP for ${address}: ${macs.length} MACs answer (${list(macs)}), expected one`;
  return failed(id, place, text, macs.length > 1 ? `strictARP is not in force on every node: ${heal}` : undefined);
}
