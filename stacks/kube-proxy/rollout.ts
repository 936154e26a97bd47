import type { NodeConfig } from "../shared/schema/nodes";
import type { ManagedConfig } from "./schema";

/** How many of so many nodes a roll may change at a time: a percentage is rounded up, as Kubernetes does it. */
export const nodesAtATime = (maxUnavailable: ManagedConfig["maxUnavailable"] = 1, nodes: number): number =>
  typeof maxUnavailable === "number" ? maxUnavailable : Math.ceil((nodes * Number.parseInt(maxUnavailable)) / 100);

/**
 * The nodes in the order of a roll, those of one step together: first one alone, a worker where there is one, since the
 * control plane's own webhooks need its Services; then as many at a time as may be.
 */
export function rolloutSteps<Node extends Pick<NodeConfig, "role">>(
  nodes: readonly Node[],
  maxUnavailable: ManagedConfig["maxUnavailable"],
): Node[][] {
  const [canary, ...others] = [
    ...nodes.filter(({ role }) => role === "worker"),
    ...nodes.filter(({ role }) => role !== "worker"),
  ];
  if (canary === undefined) return [];
  const size = nodesAtATime(maxUnavailable, nodes.length);
  const steps = Array.from({ length: Math.ceil(others.length / size) }, (_, step) =>
    others.slice(step * size, (step + 1) * size),
  );
  return [[canary], ...steps];
}

/** How long a pod of kube-proxy takes to be replaced, in seconds: old versions take their whole grace period of 30 s. */
const podSeconds = { least: 5, most: 35 } as const;
/** SSH to a node or to the control plane, with what is done there. */
const stepSeconds = 2;

/** How long a roll takes, in minutes, rounded up. Measured in the lab: 5 s a pod with Kubernetes 1.35, 35 s with 1.20. */
export function rolloutMinutes(
  nodes: number,
  maxUnavailable: ManagedConfig["maxUnavailable"],
): { readonly least: number; readonly most: number } {
  const steps = nodes === 0 ? 0 : 1 + Math.ceil((nodes - 1) / nodesAtATime(maxUnavailable, nodes));
  const minutes = (pod: number) => Math.ceil((steps * (pod + stepSeconds) + nodes * stepSeconds) / 60);
  return { least: minutes(podSeconds.least), most: minutes(podSeconds.most) };
}
