import { resourceGroup } from "../../stacks/metallb/pools/resource-kinds";
import type { KubernetesApi } from "../../remote/kubernetes/connect";

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
  api: Pick<KubernetesApi, "get">,
  { namespace, plural, version }: Readonly<Record<"namespace" | "plural" | "version", string>>,
): Promise<readonly LiveResource[] | undefined> {
  const list = (await api.get(`/apis/${resourceGroup}/${version}/namespaces/${namespace}/${plural}`)) as
    { readonly items?: readonly LiveResource[] } | undefined;
  return list === undefined ? undefined : (list.items ?? []);
}
