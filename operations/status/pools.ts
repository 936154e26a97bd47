import type { V1Node, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { parse } from "yaml";
import { parseAddress } from "../../config/address-ranges";
import { poolHas, poolSize } from "../../config/pool-size";
import { isMapping } from "../../config/schema-tree";
import type { PoolConfig } from "../../config/schema/cluster";
import { internalAddresses } from "./nodes";
import { addressOf, isLoadBalancer, nameOf } from "./services";

export interface PoolStatus extends Pick<PoolConfig, "name" | "protocol" | "addresses"> {
  /** How many addresses Services can have, have, and can still get; in decimal digits, as in `check --json`. */
  readonly size: string;
  readonly used: string;
  readonly free: string;
  /** Addresses that something else uses: "10.0.0.9 is node worker1's own address". */
  readonly conflicts: readonly string[];
}

/** Services with the same value here may have one address together. */
const sharing = "metallb.universe.tf/allow-shared-ip";

/** How much of each declared pool is in use. */
export function poolStatus(
  pools: readonly PoolConfig[],
  services: readonly V1Service[],
  nodes: readonly V1Node[],
): PoolStatus[] {
  const byAddress = new Map<string, V1Service[]>();
  for (const service of services.filter(isLoadBalancer)) {
    const address = addressOf(service);
    if (address !== undefined) byAddress.set(address, [...(byAddress.get(address) ?? []), service]);
  }
  return pools.map((pool) => {
    const isIn = (address: string) => {
      const range = parseAddress(address);
      return range !== undefined && poolHas(pool, range);
    };
    const used = [...byAddress].filter(([address]) => isIn(address));
    const ofNodes = nodes.flatMap((node) =>
      internalAddresses(node)
        .filter(isIn)
        .map((address) => `${address} is node ${node.metadata?.name}'s own address`),
    );
    const ofServices = used
      .filter(([, owners]) => !mayShare(owners))
      .map(
        ([address, owners]) =>
          `${address} is the address of ${owners.map(nameOf).join(" and ")}, which do not share it`,
      );
    const size = poolSize(pool);
    return {
      name: pool.name,
      protocol: pool.protocol,
      addresses: pool.addresses,
      size: String(size),
      used: String(used.length),
      free: String(size - BigInt(used.length)),
      conflicts: [...ofNodes, ...ofServices],
    };
  });
}

function mayShare(owners: readonly V1Service[]): boolean {
  const keys = new Set(owners.map(({ metadata }) => metadata?.annotations?.[sharing] ?? ""));
  return owners.length === 1 || (keys.size === 1 && !keys.has(""));
}

interface LivePool {
  readonly name?: unknown;
  readonly protocol?: unknown;
  readonly addresses?: readonly unknown[];
  readonly "auto-assign"?: boolean;
  readonly "avoid-buggy-ips"?: boolean;
}

const where = "the ConfigMap metallb-system/config";

/** Whether the pools in the cluster are the declared ones, as notes. */
export function livePoolNotes(pools: readonly PoolConfig[], configMap: unknown): string[] {
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

const fromDeclared = ({ name, protocol, addresses, autoAssign, avoidBuggyIPs }: PoolConfig) =>
  [name, protocol, addresses, autoAssign, avoidBuggyIPs] as const;

/** What is left out stands for MetalLB's default. */
const fromLive = (pool: LivePool) =>
  [
    String(pool.name),
    pool.protocol,
    pool.addresses ?? [],
    pool["auto-assign"] ?? true,
    pool["avoid-buggy-ips"] ?? false,
  ] as const;
