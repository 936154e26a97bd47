import { namespaceName as namespace } from "../../stacks/metallb/release/component";
import { isDeepStrictEqual } from "node:util";
import { parse } from "yaml";
import { configText } from "../../stacks/metallb/pools/config-text";
import { addressTexts } from "../../stacks/metallb/pools/pool-addresses";
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { short } from "../short";
import { type Check, failed, heal, ifExists, list, passed } from "./check";

const place = `${namespace}/config`;
const subject = `ConfigMap ${place}`;

interface Pool {
  readonly name?: string;
  readonly [key: string]: unknown;
}
type Parsed = Readonly<Record<string, unknown>> & { readonly "address-pools"?: readonly Pool[] };

/** MetalLB 0.9's configuration: whether it is what is declared. */
export async function verifyConfigMap({ core }: KubernetesApi, { metallb }: ClusterConfig): Promise<Check> {
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
  const pools = metallb.pools.map((pool) => `${pool.name} (${pool.protocol}, ${addressTexts(pool).join(", ")})`);
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
