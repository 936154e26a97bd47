import { poolOfAddress } from "../load-balancers";
import type { LivePool } from "../metallb/live-pools";
import type { Electorate } from "./candidates";
import { addressesOf, type ClusterFacts, speakersOf, tolerationsOf } from "./facts";

/** The pool that MetalLB takes a Service's addresses for: that of the first. */
export const poolOf = (facts: Pick<ClusterFacts, "service" | "live">): LivePool | undefined =>
  poolOfAddress(facts.live.pools, addressesOf(facts)[0] ?? "");

/**
 * What decides who may announce the Service; undefined where part of that could not be looked at.
 * @param without nodes that are taken for gone
 */
export function electorateOf(facts: ClusterFacts, without: readonly string[] = []): Electorate | undefined {
  const { service, config, nodes, pods, endpoints } = facts;
  const pool = poolOf(facts);
  if (pool === undefined || nodes.value === undefined || pods.value === undefined || endpoints.value === undefined) {
    return undefined;
  }
  return {
    service,
    metallb: config.metallb,
    pool,
    nodes: nodes.value,
    speakers: speakersOf(facts),
    tolerations: tolerationsOf(facts),
    endpoints: endpoints.value,
    without,
  };
}
