import { isDeepStrictEqual } from "node:util";
import { configText } from "../../stacks/metallb/pools/config-text";
import { customResources } from "../../stacks/metallb/pools/custom-resources";
import { addressTexts } from "../../stacks/metallb/pools/pool-addresses";
import { type ResourceKind, resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { allPools } from "../../stacks/metallb/resources/as-sections";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { isMapping } from "../../cluster/schema-tree";
import { valueText } from "../value-text";
import { readConfigFile } from "./config-file";
import type { Installation } from "./installation";
import { listResources, type LiveResource } from "./live-resources";

/** What holds MetalLB's configuration, as it is in the cluster, beside what is declared: the ConfigMap, or a kind. */
export interface ConfigurationPart {
  /** "metallb-system/config", "metallb-system/ipaddresspools" */
  readonly place: string;
  /** "ConfigMap metallb-system/config", "IPAddressPool" */
  readonly subject: string;
  /** What it cannot be read for, in words with the subject in them. */
  readonly problem?: { readonly text: string; readonly is: "missing" | "unreadable" | "unknown kind" };
  /** "pool default has autoAssign false, declared true"; none where it is as declared. */
  readonly differences: readonly string[];
  /** What is declared of it, by its names. */
  readonly declared: readonly string[];
  /** Custom resources that nobody declared, by their names: no plan of Terraform shows them, and MetalLB takes them. */
  readonly undeclared: readonly string[];
}

/** What MetalLB's configuration is read from: the ConfigMap of 0.9 to 0.12, or every resource of each kind. */
export type LiveConfiguration =
  | { readonly configMap: ConfigMap | undefined; readonly resources?: undefined }
  /** By the plural of the kind; undefined where the cluster does not know it. */
  | { readonly resources: Readonly<Record<string, readonly LiveResource[] | undefined>> };

/** Reads MetalLB's configuration as it is in the cluster. */
export async function readConfiguration(
  api: Pick<KubernetesApi, "get">,
  { namespace, configMap: name }: Pick<Installation, "namespace" | "configMap">,
  { version }: Pick<MetallbConfig, "version">,
): Promise<LiveConfiguration> {
  if (!usesCustomResources(version)) {
    return {
      configMap: (await api.get(`/api/v1/namespaces/${namespace}/configmaps/${name}`)) as ConfigMap | undefined,
    };
  }
  const lists = resourceKinds.map(
    async (kind) => [kind.plural, await listResources(api, { ...kind, namespace })] as const,
  );
  return { resources: Object.fromEntries(await Promise.all(lists)) };
}

/** MetalLB's configuration in the cluster beside the declared one. */
export const liveConfiguration = async (
  api: Pick<KubernetesApi, "get">,
  installation: Pick<Installation, "namespace" | "configMap">,
  metallb: MetallbConfig,
): Promise<readonly ConfigurationPart[]> =>
  compareConfiguration(await readConfiguration(api, installation, metallb), installation, metallb);

/** A configuration that was read beside the declared one. */
export function compareConfiguration(
  found: LiveConfiguration,
  { namespace, configMap: name }: Pick<Installation, "namespace" | "configMap">,
  metallb: MetallbConfig,
): readonly ConfigurationPart[] {
  if (found.resources === undefined) return [configMapPart(`${namespace}/${name}`, found.configMap, metallb)];
  const declared = customResources(metallb);
  return resourceKinds.map((kind) => {
    const wanted = declared.filter((one) => one.kind === kind.kind);
    return resourcePart({ ...kind, namespace }, wanted, found.resources[kind.plural]);
  });
}

export interface ConfigMap {
  readonly data?: { readonly config?: string };
}

export interface ConfigFilePool {
  readonly name?: string;
  readonly [key: string]: unknown;
}
type ConfigFile = Readonly<Record<string, unknown>> & { readonly "address-pools"?: readonly ConfigFilePool[] };

function configMapPart(place: string, configMap: ConfigMap | undefined, metallb: MetallbConfig): ConfigurationPart {
  const subject = `ConfigMap ${place}`;
  const declared = allPools(metallb).map((pool) => `${pool.name} (${pool.protocol}, ${addressTexts(pool).join(", ")})`);
  const part = { place, subject, differences: [], declared, undeclared: [] };
  const text = configMap?.data?.config;
  if (text === undefined) {
    const found = configMap === undefined ? "does not exist" : "has no key config";
    return { ...part, problem: { text: `${subject} ${found}`, is: "missing" } };
  }
  const found = configFile(text);
  if (found === undefined) {
    return { ...part, problem: { text: `${subject} is not the YAML that MetalLB reads`, is: "unreadable" } };
  }
  return { ...part, differences: fileDifferences(found, configFile(configText(metallb)) ?? {}) };
}

/** What MetalLB 0.9 to 0.12 reads; undefined where that is not a configuration of pools. */
export function configFile(text: string): ConfigFile | undefined {
  const value = readConfigFile(text);
  const pools = value?.["address-pools"] ?? [];
  return Array.isArray(pools) && pools.every(isMapping) ? (value as ConfigFile | undefined) : undefined;
}

/** How MetalLB's configuration differs from the declared one, pool by pool. */
function fileDifferences(is: ConfigFile, declared: ConfigFile): string[] {
  const [found, wanted] = [is["address-pools"] ?? [], declared["address-pools"] ?? []];
  const named = (pools: readonly ConfigFilePool[], name: unknown) => pools.find((pool) => pool?.name === name);
  const keys = [...new Set([...Object.keys(is), ...Object.keys(declared)])].filter((key) => key !== "address-pools");
  return [
    ...wanted.flatMap((pool) => poolDifferences(pool, named(found, pool.name))),
    ...found
      .filter((pool) => named(wanted, pool?.name) === undefined)
      .map((pool) => `pool ${String(pool?.name)} is not declared`),
    ...keys
      .filter((key) => !isDeepStrictEqual(withoutDefaults(is[key]), withoutDefaults(declared[key])))
      .map((key) => `${key} are not as declared`),
  ];
}

/** What MetalLB takes a missing key of a router, of an announcement or of a BFD profile to mean; upstream: the same file. */
const upstreamDefaults: Readonly<Record<string, unknown>> = {
  ...{ "peer-port": 179, "hold-time": "90s", "ebgp-multihop": false },
  ...{ "aggregation-length": 32, "aggregation-length-v6": 128, localpref: 0 },
  ...{ "echo-mode": false, "passive-mode": false },
};

/** Each item of a list without what says the same as no key. */
const withoutDefaults = (value: unknown): unknown =>
  Array.isArray(value)
    ? value.map((item: unknown) =>
        isMapping(item)
          ? Object.fromEntries(Object.entries(item).filter(([key, inner]) => inner !== upstreamDefaults[key]))
          : item,
      )
    : value;

/** What MetalLB 0.9 to 0.12 takes a pool's missing key to mean; upstream: internal/config/config.go. */
const poolDefaults = { "auto-assign": true, "avoid-buggy-ips": false };

function poolDifferences(wanted: ConfigFilePool, found: ConfigFilePool | undefined): string[] {
  if (found === undefined) return [`pool ${wanted.name} is missing`];
  const whole = (pool: ConfigFilePool) =>
    Object.fromEntries(
      Object.entries({ ...poolDefaults, ...pool }).map(([key, value]) => [key, withoutDefaults(value)]),
    );
  return fieldDifferences(`pool ${wanted.name}`, whole(found), whole(wanted));
}

type Fields = Readonly<Record<string, unknown>>;

/** "pool default has protocol bgp, declared layer2" */
const fieldDifferences = (subject: string, is: Fields, declared: Fields): string[] =>
  [...new Set([...Object.keys(declared), ...Object.keys(is)])]
    .filter((key) => !isDeepStrictEqual(is[key], declared[key]))
    .map((key) =>
      secretKeys.includes(key)
        ? `${subject} has ${key}, which is not shown, and is not as declared`
        : `${subject} has ${key} ${valueText(is[key])}, declared ${valueText(declared[key])}`,
    );

/** Keys of MetalLB's whose values are secrets: a BGPPeer may have its session's password in it. */
const secretKeys = ["password"];

/** What of a custom resource is compared. */
type Compared = Pick<LiveResource, "metadata" | "spec">;

function resourcePart(
  { kind, plural, defaults, namespace }: ResourceKind & Pick<Installation, "namespace">,
  wanted: readonly Compared[],
  found: readonly Compared[] | undefined,
): ConfigurationPart {
  const declared = wanted.map(({ metadata }) => metadata.name);
  const part = { place: `${namespace}/${plural}`, subject: kind, declared };
  if (found === undefined) {
    const problem = { text: `the cluster does not know the kind ${kind}`, is: "unknown kind" } as const;
    return { ...part, problem, differences: [], undeclared: [] };
  }
  const differences = wanted.flatMap(({ metadata: { name }, spec }) => {
    const live = found.find(({ metadata }) => metadata.name === name);
    if (live === undefined) return [`${kind} ${name} is missing`];
    return fieldDifferences(`${kind} ${name}`, whole(live.spec, defaults), whole(spec, defaults));
  });
  const undeclared = found.map(({ metadata: { name } }) => name).filter((name) => !declared.includes(name));
  return { ...part, differences, undeclared };
}

/** With the defaults that the API server fills in, and without what stands for nothing. */
function whole(spec: LiveResource["spec"], defaults: ResourceKind["defaults"]): Fields {
  const isNothing = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);
  // A key that may be true only if it is given: false says the same as no key.
  const keep = ([key, value]: readonly [string, unknown]) =>
    !isNothing(value) && (value !== false || defaults[key] !== undefined);
  return Object.fromEntries(Object.entries({ ...spec, ...defaults, ...spec }).filter(keep));
}
