import { Resource, type ResourceConfig } from "@cdktf/provider-null/lib/resource";
import type { TerraformStack } from "cdktf";
import { nodeResourceName } from "../node-resource-name";
import type { NodeConfig } from "../schema/nodes";

export interface NodeResourceProps extends ResourceConfig {
  readonly node: NodeConfig;
  /**
   * What the resource is for, where a stack has several of a node, or others beside them: `null_resource.<role>-<node>`.
   * Without it `null_resource.<node>`.
   */
  readonly role?: string;
}

/**
 * A resource that stands for one node. A node may be called anything that Kubernetes allows: `backend`, `null` or
 * `10-0-0-5` too. So its id in the tree of constructs has a form that no id of a stack's own has.
 */
export class NodeResource extends Resource {
  constructor(scope: TerraformStack, { node, role, ...config }: NodeResourceProps) {
    super(scope, `node:${role ?? ""}:${node.name}`, config);
    this.overrideLogicalId(nodeResourceName(node.name, role));
  }
}
