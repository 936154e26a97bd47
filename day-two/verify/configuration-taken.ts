import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { configurationStateName } from "../../stacks/metallb/release/running";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { Installation } from "../metallb/installation";
import { listResources, type LiveResource } from "../metallb/live-resources";
import { type PodMetrics, sampleValue } from "../metallb/metrics";
import { isReady } from "../workload";
import { type Check, failed, passed } from "./check";
import { componentOf, podText } from "../metallb/pods";

/**
 * Whether each pod runs with the configuration as it is, by its metrics: of a configuration that it refuses it keeps the
 * old one, and calls that stale. Its log says the same once only, and logs are rotated.
 */
export const verifyTaken = (
  api: KubernetesApi,
  metallb: Installation,
  metrics: readonly PodMetrics[],
): Promise<readonly Check[]> => Promise.all(metrics.map((one) => byMetrics(api, metallb, one)));

/** The same by the ConfigurationState that each pod of 0.16 writes. */
export async function verifyStates(
  api: KubernetesApi,
  { namespace, mend }: Installation,
  pods: readonly V1Pod[],
): Promise<readonly Check[]> {
  const states = (await listResources(api, { namespace, plural: "configurationstates", version: "v1beta1" })) ?? [];
  return pods.filter(isReady).map((pod) => byState(pod, states, mend));
}

const idOf = (pod: V1Pod) => `metallb.config-taken.${componentOf(pod)}`;

async function byMetrics(
  { core }: KubernetesApi,
  { namespace, mend }: Installation,
  { pod, samples, problem, port }: PodMetrics,
): Promise<Check> {
  const node = pod.spec?.nodeName ?? "";
  if (samples === undefined) {
    const remedy = `see whether the API server reaches port ${port}/tcp of the ${podText(pod)}`;
    return failed(idOf(pod), node, `${podText(pod)}: its metrics cannot be read: ${problem}`, remedy);
  }
  const [loaded, stale] = ["loaded", "stale"].map((word) =>
    sampleValue(samples, `metallb_k8s_client_config_${word}_bool`),
  );
  if (loaded === 1 && stale === 0) return taken(pod);
  const state = loaded === 1 ? "keeps an older configuration" : "has no configuration";
  const why = await core
    .readNamespacedPodLog({ namespace, name: pod.metadata?.name ?? "", container: componentOf(pod), tailLines: 2000 })
    .then(lastError)
    .catch(() => undefined);
  return failed(idOf(pod), node, `${podText(pod)} ${state}${why === undefined ? "" : `: ${why}`}`, mend);
}

const taken = (pod: V1Pod) =>
  passed(idOf(pod), pod.spec?.nodeName ?? "", `${podText(pod)} has taken the configuration`);

interface State {
  readonly conditions?: readonly { readonly status: string; readonly message?: string }[];
}

function byState(pod: V1Pod, states: readonly LiveResource[], mend: string): Check {
  const node = pod.spec?.nodeName ?? "";
  const name = configurationStateName(componentOf(pod), node);
  const found = states.find(
    ({ metadata }) =>
      // One of a pod that is gone says nothing of this one.
      metadata.name === name && metadata.ownerReferences?.some(({ uid }) => uid === pod.metadata?.uid),
  );
  const { conditions = [] } = (found?.status ?? {}) as State;
  if (conditions.length === 0) {
    const text = `${podText(pod)} has not said yet whether it takes the configuration (ConfigurationState ${name})`;
    return failed(idOf(pod), node, text, `see the log of the ${podText(pod)}`);
  }
  const refused = conditions.filter(({ status }) => status !== "True").map(({ message }) => message ?? "");
  if (refused.length === 0) return taken(pod);
  return failed(idOf(pod), node, `${podText(pod)} keeps an older configuration: ${refused.join("; ")}`, mend);
}

/** What a pod's log says of the configuration that it refused last, in the words of 0.9 to 0.12 or of later ones. */
function lastError(log: string): string | undefined {
  const wanted = /"configStale"|"setConfig"|"controller":"(?:Config|Pool)Reconciler"/;
  const line = log.split("\n").findLast((one) => one.includes('"error":"') && wanted.test(one));
  return line && (JSON.parse(line) as { error: string }).error;
}
