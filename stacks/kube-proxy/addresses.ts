import { nodeResourceName } from "../shared/node-resource-name";
import { type ResourceAddress, resourceAddress } from "../shared/resource-address";

/** The id of a restart: replaced, it restarts kube-proxy node by node and proves it again. */
export const restartId: ResourceAddress = resourceAddress("random_id", "restart-id");

/** The proof on a node, managed or not. */
export const nodeProof = (node: string): ResourceAddress =>
  resourceAddress("null_resource", nodeResourceName(node, "proof"));

/** The ConfigMap with the settings, and the text, to go back to. */
export const keptOriginal: ResourceAddress = resourceAddress("kubernetes_config_map_v1", "original");

/** kube-proxy's own ConfigMap: the text with the declared settings. */
export const configuration: ResourceAddress = resourceAddress("kubernetes_config_map_v1_data", "configuration");
