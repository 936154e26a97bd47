import type { V1DaemonSet, V1Deployment, V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };

/** How far a DaemonSet or a Deployment has come, in pods. */
export interface Rollout {
  /** Whether the controller has seen the latest change. */
  readonly observed: boolean;
  readonly wanted: number;
  /** Pods of the latest template. */
  readonly updated: number;
  readonly available: number;
  /** How long a pod has to be ready to count as available. @default 0 */
  readonly minReadySeconds?: number;
}

export const daemonSetRollout = ({ metadata, spec, status }: V1DaemonSet): Rollout => ({
  observed: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
  wanted: status?.desiredNumberScheduled ?? 0,
  updated: status?.updatedNumberScheduled ?? 0,
  available: status?.numberAvailable ?? 0,
  ...(spec?.minReadySeconds && { minReadySeconds: spec.minReadySeconds }),
});

export const deploymentRollout = ({ metadata, spec, status }: V1Deployment): Rollout => ({
  observed: (status?.observedGeneration ?? 0) >= (metadata?.generation ?? 0),
  wanted: spec?.replicas ?? 1,
  updated: status?.updatedReplicas ?? 0,
  available: status?.availableReplicas ?? 0,
});

/** Why a rollout is not complete; undefined if it is. */
export function rolloutProblem(subject: string, rollout: Rollout): string | undefined {
  const { observed, wanted, updated, available, minReadySeconds = 0 } = rollout;
  if (!observed) return `${subject}: its latest change is not taken up yet`;
  if (wanted === 0) return `${subject} wants 0 pods`;
  if (updated < wanted) return `${subject}: ${updated} of ${wanted} pods are of its latest template`;
  if (available >= wanted) return undefined;
  const since = minReadySeconds === 0 ? "" : `, which each is ${minReadySeconds} s after it is ready (minReadySeconds)`;
  return `${subject}: ${available} of ${wanted} pods are available${since}`;
}

/** Why a pod is not ready, in the kubelet's or the scheduler's words; undefined if it is. */
export function podProblem({ metadata, status }: V1Pod): string | undefined {
  if (metadata?.deletionTimestamp !== undefined) return "it is being deleted";
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  if (condition("Ready")?.status === "True") return undefined;
  const states = (status?.containerStatuses ?? []).map(({ state }) => state);
  const state = states.map((one) => one?.waiting ?? one?.terminated).find((one) => one !== undefined);
  if (state !== undefined) return withMessage(state.reason ?? "its container does not run", state.message);
  const scheduled = condition("PodScheduled");
  if (scheduled?.status === "False") return withMessage(scheduled.reason ?? "Unschedulable", scheduled.message);
  return withMessage(status?.phase ?? "it has no status", condition("Ready")?.message);
}

const withMessage = (reason: string, message: string | undefined) => (message ? `${reason}: ${message}` : reason);

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
