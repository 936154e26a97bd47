import type { V1Node, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { isSince } from "../values/versions";
import type { MetallbConfig } from "../stacks/metallb/schema/metallb";
import { type Addresses, poolHas } from "../stacks/metallb/pools/pool-addresses";
import { usesCustomResources } from "../stacks/metallb/release/releases";
import { olderAnnotationPrefix } from "../stacks/metallb/release/running";
import type { NodeConfig } from "../stacks/shared/schema/nodes";
import { parseAddress } from "../values/address-ranges";

// Services of type LoadBalancer, as every command looks at them.

export const isLoadBalancer = ({ spec }: V1Service): boolean => spec?.type === "LoadBalancer";

/**
 * Whether the declared MetalLB looks after a Service: from 0.13 on only after those of its class, or without one where it has
 * none, whatever else they have. Those before know no class, and take all. Upstream: filterByLoadBalancerClass in
 * internal/k8s/k8s.go.
 */
export const isMetallbs = (
  service: V1Service,
  { version, loadBalancerClass }: Pick<MetallbConfig, "version" | "loadBalancerClass">,
): boolean =>
  isLoadBalancer(service) && (!usesCustomResources(version) || service.spec?.loadBalancerClass === loadBalancerClass);

/**
 * Who else gave an address that no pool holds, where that can be told: an address of a node is what k3s' ServiceLB and its
 * like give, and what no pool may hold.
 */
export function otherAllocator(address: string, nodes: readonly Pick<NodeConfig, "name" | "address">[]) {
  const node = nodes.find((one) => sameAddress(one.address, address));
  if (node === undefined) return undefined;
  return {
    why: `it is node ${node.name}'s own address, which another load balancer gives, such as k3s' ServiceLB`,
    remedy:
      "switch the other load balancer off (k3s: 'disable: [servicelb]' in /etc/rancher/k3s/config.yaml on every server, then restart k3s); MetalLB then gives the Service an address of a pool",
  };
}

/**
 * Nodes with every address that the cluster knows of them: k3s' ServiceLB gives the external ones where there are such, and
 * those of both families.
 */
export const withEveryAddress = (
  nodes: readonly Pick<NodeConfig, "name" | "address">[],
  live: readonly V1Node[],
): readonly Pick<NodeConfig, "name" | "address">[] => [
  ...nodes,
  ...live.flatMap(({ metadata, status }) =>
    (status?.addresses ?? []).map(({ address }) => ({ name: metadata?.name ?? "", address })),
  ),
];

function sameAddress(one: string, other: string): boolean {
  const [a, b] = [parseAddress(one), parseAddress(other)];
  return a !== undefined && b !== undefined && a.family === b.family && a.first === b.first;
}

/** "default/web" */
export const serviceName = ({ metadata }: V1Service): string => `${metadata?.namespace}/${metadata?.name}`;

/** Every address of a Service, two in dual stack, in the order of its status; of a host name, which is none, the name. */
export const ingressAddresses = ({ status }: V1Service): string[] =>
  (status?.loadBalancer?.ingress ?? []).flatMap(({ ip, hostname }) => ip ?? hostname ?? []);

/** What Services ask of MetalLB by annotations; the older prefix is read where the newer one is not there. */
const annotationOf = ({ metadata: { annotations = {} } = {} }: V1Service, key: string): string | undefined =>
  annotations[`metallb.io/${key}`] ?? annotations[`${olderAnnotationPrefix}/${key}`];

/** The pool that a Service asks for. */
export const requestedPool = (service: V1Service): string | undefined =>
  annotationOf(service, "address-pool") || undefined;

/** The addresses that a Service asks for, as they are written, one after the other. */
export const requestedAddresses = (service: V1Service): string[] =>
  (annotationOf(service, "loadBalancerIPs") || service.spec?.loadBalancerIP || "")
    .split(",")
    .map((text) => text.trim())
    .filter((text) => text !== "");

/** Services with the same key may have one address together; an empty one allows nothing. */
export const sharingKey = (service: V1Service): string => annotationOf(service, "allow-shared-ip") ?? "";

/** Whether all that have one address may have it together. */
export function mayShare(owners: readonly V1Service[]): boolean {
  const keys = new Set(owners.map(sharingKey));
  return owners.length === 1 || (keys.size === 1 && !keys.has(""));
}

/** The pool that MetalLB may have given an address from; none for a host name. */
export function poolOfAddress<Pool extends Addresses>(pools: readonly Pool[], address: string): Pool | undefined {
  return pools.find((pool) => poolHas(pool, address));
}

/** The addresses that a node has inside the cluster, its InternalIPs. */
export const internalAddresses = (node: V1Node | undefined): string[] =>
  (node?.status?.addresses ?? []).filter(({ type }) => type === "InternalIP").map(({ address }) => address);

/** The label of nodes that load balancers leave out; kubeadm sets it on control-plane nodes. */
export const excludeLabel = "node.kubernetes.io/exclude-from-external-load-balancers";

/** Whether a node has that label, whatever its value. */
export const isExcluded = ({ metadata }: V1Node): boolean => excludeLabel in (metadata?.labels ?? {});

/** The names of the nodes with that label. */
export const excludedNodes = (nodes: readonly V1Node[]): string[] =>
  nodes.filter(isExcluded).map(({ metadata }) => metadata?.name ?? "");

/**
 * Whether the speakers of a configuration leave such nodes out: from 0.14.2 on, unless they are told not to. Upstream:
 * SpeakerShouldAnnounce in speaker/layer2_controller.go and the flag --ignore-exclude-lb.
 */
export const leavesOutExcluded = ({
  version,
  ignoreExcludeLB,
}: Pick<MetallbConfig, "version" | "ignoreExcludeLB">): boolean => isSince(version, "0.14.2") && !ignoreExcludeLB;
