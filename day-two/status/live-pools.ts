import { parse } from "yaml";
import { customResources } from "../../stacks/metallb/pools/custom-resources";
import { addressTexts } from "../../stacks/metallb/pools/pool-addresses";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { isMapping } from "../../cluster/schema-tree";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import type { PoolConfig } from "../../stacks/metallb/schema/pools";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { listResources, resourceDifferences, undeclaredNames } from "../custom-resources";

interface LivePool {
  readonly name?: unknown;
  readonly protocol?: unknown;
  readonly addresses?: readonly unknown[];
  readonly "auto-assign"?: boolean;
  readonly "avoid-buggy-ips"?: boolean;
}

/** Whether the configuration in the cluster is the declared one, as notes. */
export async function livePoolNotes(
  api: Pick<KubernetesApi, "get" | "custom">,
  metallb: MetallbConfig,
): Promise<string[]> {
  if (usesCustomResources(metallb.version)) return resourceNotes(api, metallb);
  return configMapNotes(metallb, await api.get("/api/v1/namespaces/metallb-system/configmaps/config"));
}

async function resourceNotes(api: Pick<KubernetesApi, "custom">, metallb: MetallbConfig): Promise<string[]> {
  const declared = customResources(metallb);
  const ofKinds = await Promise.all(
    resourceKinds.map(async (kind) => ({ kind, found: await listResources(api, kind) })),
  );
  if (ofKinds.some(({ found }) => found === undefined)) {
    return ["the cluster does not know the kinds of MetalLB's address pools: npx cdktf deploy '*'"];
  }
  return ofKinds.flatMap(({ kind, found = [] }) => {
    const wanted = declared.filter((one) => one.kind === kind.kind);
    return [
      ...resourceDifferences(kind, wanted, found).map((difference) => `${difference}: npx baremetal-lb heal`),
      ...undeclaredNames(wanted, found).map((name) => `${kind.kind} ${name} is in the cluster, and not declared`),
    ];
  });
}

const where = "the ConfigMap metallb-system/config";

function configMapNotes({ pools }: MetallbConfig, configMap: unknown): string[] {
  const text = (configMap as { readonly data?: { readonly config?: string } } | undefined)?.data?.config;
  if (text === undefined) return [`${where} does not exist: npx cdktf deploy metallb`];
  const live = livePools(text);
  if (live === undefined) return [`${where} cannot be read as MetalLB's configuration: npx baremetal-lb drift`];
  const [is, declared] = [byName(live.map(fromLive)), byName(pools.map(fromDeclared))];
  const names = [...new Set([...declared.keys(), ...is.keys()])].filter((name) => is.get(name) !== declared.get(name));
  if (names.length === 0) return [];
  return [`${where} has other pools than are declared (${names.join(", ")}): npx baremetal-lb drift`];
}

function livePools(text: string): LivePool[] | undefined {
  try {
    const content: unknown = parse(text, { version: "1.1", logLevel: "error" });
    const pools = isMapping(content) ? (content["address-pools"] ?? []) : undefined;
    return Array.isArray(pools) && pools.every(isMapping) ? pools : undefined;
  } catch {
    return undefined;
  }
}

const byName = (pools: readonly (readonly [string, ...unknown[]])[]) =>
  new Map(pools.map((pool) => [pool[0], JSON.stringify(pool)]));

const fromDeclared = ({ name, protocol, autoAssign, avoidBuggyIPs, ...pool }: PoolConfig) =>
  [name, protocol, addressTexts(pool), autoAssign, avoidBuggyIPs] as const;

/** What is left out stands for MetalLB's default. */
const fromLive = (pool: LivePool) =>
  [
    String(pool.name),
    pool.protocol,
    pool.addresses ?? [],
    pool["auto-assign"] ?? true,
    pool["avoid-buggy-ips"] ?? false,
  ] as const;
