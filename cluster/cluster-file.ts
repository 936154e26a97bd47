import type { Environment } from "../values/environment";

/** The configuration file: the environment variable CLUSTER_CONFIG, or cluster.yaml in the current directory. */
export function clusterFile(environment: Environment): string {
  const named = environment["CLUSTER_CONFIG"];
  return named === undefined || named === "" ? "cluster.yaml" : named;
}
