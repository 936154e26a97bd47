/** kube-proxy's mode, as far as a node is prepared for it. */
export type ModeOfNodes = { readonly mode: "ipvs"; readonly scheduler: string } | { readonly mode: string };

/**
 * What scripts/lib/node-needs.sh is told of the mode. In IPVS mode there is no MODE, so that what was done on a node for it
 * is not done again because of a new parameter.
 */
export const nodeNeeds = (kubeProxy: ModeOfNodes): Readonly<Record<string, string>> =>
  "scheduler" in kubeProxy ? { SCHEDULER: kubeProxy.scheduler } : { MODE: kubeProxy.mode };
