import { namespaceName as namespace } from "../../config/metallb/component";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { configText } from "../../config/metallb/config-text";
import type { ClusterConfig } from "../../config/schema/cluster";
import type { KubernetesApi } from "../../kubernetes/connect";
import { type Check, failed, heal, ifExists, list, passed } from "./check";
import { componentOf, podText } from "./metallb";
import { type PodMetrics, valueOf } from "../metallb-metrics";

const place = `${namespace}/config`;
const subject = `ConfigMap ${place}`;

/** MetalLB's configuration: what is declared, and taken by every pod. */
export async function verifyMetallbConfig(
  api: KubernetesApi,
  config: ClusterConfig,
  metrics: readonly PodMetrics[],
): Promise<readonly Check[]> {
  return [await declaredCheck(api, config), ...(await Promise.all(metrics.map((one) => takenCheck(api, one))))];
}

interface Pool {
  readonly name?: string;
  readonly [key: string]: unknown;
}
type Parsed = Readonly<Record<string, unknown>> & { readonly "address-pools"?: readonly Pool[] };

async function declaredCheck({ core }: KubernetesApi, { metallb }: ClusterConfig): Promise<Check> {
  const id = "metallb.config";
  const configMap = await ifExists(core.readNamespacedConfigMap({ namespace, name: "config" }));
  const text = configMap?.data?.config;
  if (text === undefined) {
    const found = configMap === undefined ? "does not exist" : "has no key config";
    return failed(id, place, `${subject} ${found}`, heal);
  }
  const found = parsed(text);
  if (found === undefined) return failed(id, place, `${subject} is not the YAML that MetalLB reads`, heal);
  const problems = configDifferences(found, parsed(configText(metallb)) ?? {});
  if (problems.length > 0) return failed(id, place, `${subject}: ${problems.join("; ")}`, heal);
  const pools = metallb.pools.map(({ name, protocol, addresses }) => `${name} (${protocol}, ${addresses.join(", ")})`);
  return passed(id, place, `${subject} is as declared: ${list(pools)}`);
}

function parsed(text: string): Parsed | undefined {
  try {
    // MetalLB's parser speaks YAML 1.1.
    const value = parse(text, { version: "1.1" }) as Parsed | null;
    if (value === null || typeof value !== "object" || Array.isArray(value)) return undefined;
    return Array.isArray(value["address-pools"] ?? []) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** How MetalLB's configuration differs from the declared one, pool by pool. */
function configDifferences(is: Parsed, declared: Parsed): string[] {
  const [found, wanted] = [is["address-pools"] ?? [], declared["address-pools"] ?? []];
  const named = (pools: readonly Pool[], name: unknown) => pools.find((pool) => pool?.name === name);
  const keys = [...new Set([...Object.keys(is), ...Object.keys(declared)])].filter((key) => key !== "address-pools");
  return [
    ...wanted.flatMap((pool) => poolDifferences(pool, named(found, pool.name))),
    ...found
      .filter((pool) => named(wanted, pool?.name) === undefined)
      .map((pool) => `pool ${String(pool?.name)} is not declared`),
    ...keys.filter((key) => !isDeepStrictEqual(is[key], declared[key])).map((key) => `${key} are not as declared`),
  ];
}

function poolDifferences(wanted: Pool, found: Pool | undefined): string[] {
  if (found === undefined) return [`pool ${wanted.name} is missing`];
  return [...new Set([...Object.keys(wanted), ...Object.keys(found)])]
    .filter((key) => !isDeepStrictEqual(found[key], wanted[key]))
    .map((key) => `pool ${wanted.name} has ${key} ${short(found[key])}, declared ${short(wanted[key])}`);
}

const short = (value: unknown): string =>
  value === undefined
    ? "not set"
    : Array.isArray(value)
      ? value.map((one) => short(one)).join(", ")
      : JSON.stringify(value);

/**
 * Whether a pod runs with the ConfigMap as it is. It says so in its metrics: of a configuration that it refuses, or that
 * is gone, it keeps the old one and calls that stale. Its log says the same once only, and logs are rotated.
 */
async function takenCheck({ core }: KubernetesApi, { pod, samples, problem }: PodMetrics): Promise<Check> {
  const id = `metallb.config-taken.${componentOf(pod)}`;
  const node = pod.spec?.nodeName ?? "";
  if (samples === undefined) {
    const remedy = `see whether the API server reaches port 7472/tcp of the ${podText(pod)}`;
    return failed(id, node, `${podText(pod)}: its metrics cannot be read: ${problem}`, remedy);
  }
  const [loaded, stale] = ["loaded", "stale"].map((word) => valueOf(samples, `metallb_k8s_client_config_${word}_bool`));
  if (loaded === 1 && stale === 0) return passed(id, node, `${podText(pod)} has taken the configuration`);
  const state = loaded === 1 ? "keeps an older configuration" : "has no configuration";
  const why = await core
    .readNamespacedPodLog({ namespace, name: pod.metadata?.name ?? "", tailLines: 2000 })
    .then(lastError)
    .catch(() => undefined);
  return failed(id, node, `${podText(pod)} ${state}${why === undefined ? "" : `: ${why}`}`, heal);
}

/** What a pod's log says of the configuration that it refused last. */
function lastError(log: string): string | undefined {
  const line = log.split("\n").findLast((one) => one.includes('"error":"') && /"configStale"|"setConfig"/.test(one));
  return line && (JSON.parse(line) as { error: string }).error;
}
