/**
 * Bound of a rolling restart of kube-proxy, in seconds: one node after the other takes 5 to 60 s each, and the first
 * pod may still have to be scheduled.
 */
export const rolloutSeconds = (nodes: number): number => 60 + 60 * nodes;
