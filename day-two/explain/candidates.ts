import type { V1Node, V1Pod, V1Service, V1Taint, V1Toleration } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import { isAmong, selects } from "../../stacks/metallb/pools/label-selectors";
import type { AnnouncingProtocol } from "../../stacks/metallb/pools/protocols";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { isOlder } from "../../values/versions";
import { excludeLabel, ingressAddresses, isExcluded, leavesOutExcluded, serviceName } from "../load-balancers";
import type { LiveAnnouncement, LivePool } from "../metallb/live-pools";
import { podHealth } from "../workload";
import { electionKey, inElectionOrder } from "./election";
import { type Endpoint, nodesWithEndpoint } from "./endpoints";

/** A node, and why its speaker may not announce a Service. */
export interface Candidate {
  readonly node: string;
  /** "no announcement of the pool default selects it"; absent where it may. */
  readonly out?: string;
}

/** What decides who may announce a Service. */
export interface Electorate {
  readonly service: V1Service;
  readonly metallb: Pick<MetallbConfig, "version" | "ignoreExcludeLB">;
  readonly pool: Pick<LivePool, "name" | "announcements">;
  readonly nodes: readonly V1Node[];
  readonly speakers: readonly V1Pod[];
  readonly endpoints: readonly Endpoint[];
  /** What the speakers' DaemonSet tolerates; absent where that is not known. */
  readonly tolerations?: readonly V1Toleration[];
  /** Nodes that are taken for gone. @default none */
  readonly without?: readonly string[];
}

/** Those that are for a Service; by 0.16's rule, before which no announcement has selectors of Services. */
export const announcementsFor = (
  { announcements }: Pick<LivePool, "announcements">,
  protocol: AnnouncingProtocol,
  { metadata }: V1Service,
): LiveAnnouncement[] =>
  announcements.filter((one) => one.protocol === protocol && isAmong(one.serviceSelectors, metadata?.labels));

/** Whether a Service's policy, or MetalLB up to 0.10 by layer2, lets only nodes with an endpoint of it announce it. */
export const needsEndpointThere = (
  { spec }: V1Service,
  protocol: AnnouncingProtocol,
  { version }: Pick<MetallbConfig, "version">,
): boolean => spec?.externalTrafficPolicy === "Local" || (protocol === "layer2" && isOlder(version, "0.11.0"));

/** Every node of the cluster, by name, with why it may not announce; upstream: speaker/*_controller.go of each version. */
export function candidates(protocol: AnnouncingProtocol, electorate: Electorate): Candidate[] {
  const { service, metallb, pool, nodes, speakers, endpoints, tolerations, without = [] } = electorate;
  const announcements = announcementsFor(pool, protocol, service);
  const withEndpoint = nodesWithEndpoint(endpoints.filter(({ node = "" }) => !without.includes(node)));
  const outOf = (node: V1Node): string | undefined => {
    const { name = "", labels } = node.metadata ?? {};
    const speaker = podHealth(speakers, name);
    if (without.includes(name)) return "it is taken for gone";
    if (speaker === "missing") return `it has no speaker${taintText(node, tolerations)}`;
    if (speaker !== "ready") return "its speaker is not ready";
    if (!announcements.some(({ nodeSelectors }) => isAmong(nodeSelectors, labels))) {
      return `no announcement of the pool ${pool.name} selects it`;
    }
    // MetalLB up to 0.12 looks at neither.
    if (usesCustomResources(metallb.version) && isNetworkUnavailable(node)) return "its network is unavailable";
    if (leavesOutExcluded(metallb) && isExcluded(node)) return `it is labelled ${excludeLabel}`;
    if (needsEndpointThere(service, protocol, metallb) && !withEndpoint.includes(name)) {
      return "it has no ready endpoint";
    }
    return undefined;
  };
  return nodes
    .map((node) => ({ node: node.metadata?.name ?? "", out: outOf(node) }))
    .map(({ node, out }) => (out === undefined ? { node } : { node, out }))
    .sort((a, b) => a.node.localeCompare(b.node));
}

/** What keeps a DaemonSet's pod off a node, where its taints do; upstream: ToleratesTaint in k8s.io/api/core/v1. */
function taintText({ spec }: V1Node, tolerations: readonly V1Toleration[] | undefined): string {
  if (tolerations === undefined) return "";
  const tolerates = ({ key, operator, value = "", effect }: V1Toleration, taint: V1Taint) =>
    (!effect || effect === taint.effect) &&
    (!key || key === taint.key) &&
    (operator === "Exists" || value === (taint.value ?? ""));
  const [first] = (spec?.taints ?? [])
    .filter(({ effect }) => effect !== "PreferNoSchedule")
    .filter((taint) => !tolerations.some((one) => tolerates(one, taint)));
  if (first === undefined) return "";
  const { key, value, effect } = first;
  return `, which does not tolerate its taint ${key}${value ? `=${value}` : ""}:${effect}`;
}

const isNetworkUnavailable = ({ status }: V1Node): boolean =>
  status?.conditions?.some(({ type, status: is }) => type === "NetworkUnavailable" && is === "True") === true;

/** Those that may announce by layer2, in the order in which they would: the first one does. */
export function layer2Order(electorate: Electorate): string[] {
  const { service, metallb, pool, nodes } = electorate;
  const eligible = candidates("layer2", electorate)
    .filter(({ out }) => out === undefined)
    .map(({ node }) => node);
  const weights = new Map(
    nodes.map(({ metadata }) => [
      metadata?.name ?? "",
      announcementsFor(pool, "layer2", service)
        .filter(({ nodeSelectors }) => isAmong(nodeSelectors, metadata?.labels))
        .flatMap(({ preferences }) => preferences)
        .filter(({ preference }) => selects(preference, metadata?.labels))
        .reduce((sum, { weight }) => sum + weight, 0),
    ]),
  );
  const [first = ""] = ingressAddresses(service);
  return inElectionOrder(eligible, electionKey(metallb.version, serviceName(service), first), weights);
}
