import { isDeepStrictEqual } from "node:util";
import { namespaceName as namespace } from "../stacks/metallb/release/component";
import { resourceGroup, type ResourceKind } from "../stacks/metallb/pools/resource-kinds";
import type { KubernetesApi } from "../remote/kubernetes/connect";
import { short } from "./short";

/** A custom resource of MetalLB's namespace, as the API has it. */
export interface LiveResource {
  readonly metadata: {
    readonly name: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly uid: string }[];
  };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: unknown;
}

/** All of a kind; undefined where the cluster does not know the kind. */
export async function listResources(
  { custom }: Pick<KubernetesApi, "custom">,
  { plural, version }: { readonly plural: string; readonly version: string },
): Promise<readonly LiveResource[] | undefined> {
  try {
    const list = (await custom.listNamespacedCustomObject({ group: resourceGroup, version, namespace, plural })) as {
      readonly items?: readonly LiveResource[];
    };
    return list.items ?? [];
  } catch (error) {
    if ((error as { code?: unknown }).code === 404) return undefined;
    throw error;
  }
}

/** What of an object is compared. */
export type Wanted = Pick<LiveResource, "metadata" | "spec">;

const named = (objects: readonly Wanted[], name: string) => objects.find(({ metadata }) => metadata.name === name);

/** How the objects of a kind differ from the declared ones: "IPAddressPool default has autoAssign false, …". */
export const resourceDifferences = (
  { kind, defaults }: ResourceKind,
  wanted: readonly Wanted[],
  found: readonly Wanted[],
): string[] =>
  wanted.flatMap(({ metadata: { name }, spec }) => {
    const live = named(found, name);
    if (live === undefined) return [`${kind} ${name} is missing`];
    const [is, declared] = [whole(live.spec, defaults), whole(spec, defaults)];
    return [...new Set([...Object.keys(declared), ...Object.keys(is)])]
      .filter((key) => !isDeepStrictEqual(is[key], declared[key]))
      .map((key) => `${kind} ${name} has ${key} ${short(is[key])}, declared ${short(declared[key])}`);
  });

/** The names of those that nobody declared. No plan of Terraform shows them, and MetalLB takes them like the others. */
export const undeclaredNames = (wanted: readonly Wanted[], found: readonly Wanted[]): string[] =>
  found.map(({ metadata: { name } }) => name).filter((name) => named(wanted, name) === undefined);

/** With the defaults that the API server fills in, and without what stands for nothing. */
function whole(spec: LiveResource["spec"], defaults: ResourceKind["defaults"]): Readonly<Record<string, unknown>> {
  const isNothing = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);
  // A key that may be true only if it is given: false says the same as no key.
  const keep = ([key, value]: readonly [string, unknown]) =>
    !isNothing(value) && (value !== false || defaults[key] !== undefined);
  return Object.fromEntries(Object.entries({ ...spec, ...defaults, ...spec }).filter(keep));
}
