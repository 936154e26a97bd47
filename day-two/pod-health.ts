import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

/** Of a DaemonSet's pod on a node. */
export type PodHealth = "ready" | "not ready" | "missing";

export function isReady({ metadata, status }: V1Pod): boolean {
  // A pod that is being deleted may still say that it is ready.
  if (metadata?.deletionTimestamp !== undefined) return false;
  return status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true;
}

/** How a node's pod among these is; while one replaces another, the better of the two counts. */
export function podHealth(pods: readonly V1Pod[], node: string): PodHealth {
  const here = pods.filter(({ spec }) => spec?.nodeName === node);
  if (here.length === 0) return "missing";
  return here.some(isReady) ? "ready" : "not ready";
}
