import { usesCustomResources } from "../stacks/metallb/release/releases";
import type { ClusterConfig } from "./schema";

/** The stacks that main.ts makes of a configuration, in the order in which they are deployed. */
export const stackNames = ({ metallb }: Pick<ClusterConfig, "metallb">): string[] => [
  "nodes",
  "kube-proxy",
  ...(usesCustomResources(metallb.version) ? ["metallb-crds", "address-pools"] : []),
  "metallb",
];
