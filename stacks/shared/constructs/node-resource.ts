import { Resource, type ResourceConfig } from "@cdktf/provider-null/lib/resource";
import type { TerraformStack } from "cdktf";

/**
 * A resource that is a node's own, `null_resource.<name>`, of which nodeResourceName makes the name. A node may be called
 * anything that Kubernetes allows, `backend` or `constructor` too: so its id in the tree of constructs has a form that no
 * other id of a stack has.
 */
export class NodeResource extends Resource {
  constructor(scope: TerraformStack, name: string, config: ResourceConfig) {
    super(scope, `node:${name}`, config);
    this.overrideLogicalId(name);
  }
}
