import { nodeId } from "../shared/node-id";
import { type ResourceAddress, resourceAddress } from "../shared/resource-address";

/** What prepares a node; replaced, it does so again. */
export const preparedNode = (node: string): ResourceAddress => resourceAddress("null_resource", nodeId(node));
