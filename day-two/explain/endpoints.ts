import type { V1Endpoints, V1EndpointSlice, V1Service } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";

/** A pod, or what stands for one, that a Service leads to. */
export interface Endpoint {
  readonly address: string;
  /** Its node; absent where somebody made the endpoint by hand and named none. */
  readonly node?: string;
  readonly pod?: string;
  readonly ready: boolean;
  /** The ports of TCP. */
  readonly ports: readonly number[];
}

/**
 * The endpoints as MetalLB sees them: of EndpointSlices from 0.13 on, which also take a pod for ready that still serves while
 * it ends; of the Endpoints object before, which says the same as the slices that 0.10 to 0.12 read up to Kubernetes 1.24.
 * Upstream: EndpointCanServe in internal/k8s/epslices, IsConditionReady in internal/k8s of 0.12.
 */
export async function findEndpoints(
  api: Pick<KubernetesApi, "get">,
  { metadata: { namespace = "", name = "" } = {} }: V1Service,
  { version }: Pick<MetallbConfig, "version">,
): Promise<readonly Endpoint[]> {
  if (usesCustomResources(version)) {
    const selector = encodeURIComponent(`kubernetes.io/service-name=${name}`);
    const path = `/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices?labelSelector=${selector}`;
    const list = (await api.get(path)) as { readonly items?: readonly V1EndpointSlice[] } | undefined;
    // Kubernetes before 1.21 has no such kind.
    if (list !== undefined) return (list.items ?? []).flatMap(ofSlice);
  }
  const found = (await api.get(`/api/v1/namespaces/${namespace}/endpoints/${name}`)) as V1Endpoints | undefined;
  return (found?.subsets ?? []).flatMap(ofSubset);
}

const isTcp = ({ protocol = "TCP" }: { readonly protocol?: string }) => protocol === "TCP";

const ofSlice = ({ endpoints, ports }: V1EndpointSlice): Endpoint[] =>
  (endpoints ?? []).flatMap(({ addresses, nodeName, targetRef, conditions }) =>
    addresses.map((address) => ({
      address,
      ...(nodeName !== undefined && { node: nodeName }),
      ...(targetRef?.name !== undefined && { pod: targetRef.name }),
      ready: conditions?.ready !== false || conditions.serving === true,
      ports: (ports ?? []).filter(isTcp).flatMap(({ port }) => port ?? []),
    })),
  );

const ofSubset = ({
  addresses = [],
  notReadyAddresses = [],
  ports = [],
}: NonNullable<V1Endpoints["subsets"]>[number]): Endpoint[] =>
  [
    ...addresses.map((one) => ({ ...one, ready: true })),
    ...notReadyAddresses.map((one) => ({ ...one, ready: false })),
  ].map(({ ip, nodeName, targetRef, ready }) => ({
    address: ip,
    ...(nodeName !== undefined && { node: nodeName }),
    ...(targetRef?.name !== undefined && { pod: targetRef.name }),
    ready,
    ports: ports.filter(isTcp).map(({ port }) => port),
  }));

/** The nodes with an endpoint that is ready, each once, sorted. */
export const nodesWithEndpoint = (endpoints: readonly Endpoint[]): string[] =>
  [...new Set(endpoints.filter(({ ready }) => ready).flatMap(({ node }) => node ?? []))].sort();
