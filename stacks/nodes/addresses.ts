import { nodeResourceName } from "../shared/node-resource-name";
import { type ResourceAddress, resourceAddress } from "../shared/resource-address";

/** What prepares a node; replaced, it does so again. */
export const preparedNode = (node: string): ResourceAddress => resourceAddress("null_resource", nodeResourceName(node));
