import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import type { ITerraformDependable, TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { CustomResource } from "../pools/custom-resource";
import { literalJson } from "../../shared/terraform-text";
import { fieldManager } from "./field-manager";

export interface AddressPoolsProps {
  readonly resources: readonly CustomResource[];
  /** What every plan checks before a pool is written. @default nothing */
  readonly precondition?: TerraformResourceLifecycle["precondition"];
  /** What comes before all of them. @default nothing */
  readonly after?: readonly ITerraformDependable[];
}

/** MetalLB's configuration as custom resources, of which `resources` has first what others refer to by name. */
export class AddressPools extends Construct {
  readonly resources: readonly Manifest[];

  constructor(scope: Construct, id: string, { resources, precondition, after = [] }: AddressPoolsProps) {
    super(scope, id);
    const made: { readonly rank: number; readonly resource: Manifest }[] = [];
    for (const { kind, ...object } of resources) {
      const name = `${kind.toLowerCase()}-${object.metadata.name.replaceAll(".", "_")}`;
      const rank = rankOf(kind);
      const before = [...after, ...made.filter((other) => other.rank < rank).map((other) => other.resource)];
      const resource = new Manifest(this, name, {
        manifest: literalJson({ kind, ...object }),
        fieldManager,
        ...(before.length > 0 && { dependsOn: before }),
        ...(kind === "IPAddressPool" && precondition && { lifecycle: { precondition } }),
      });
      resource.overrideLogicalId(name);
      made.push({ rank, resource });
    }
    this.resources = made.map(({ resource }) => resource);
  }
}

/** A peer names its BFD profile, an announcement its pools, peers and communities; upstream's webhook looks for them. */
const rankOf = (kind: string): number => (kind === "BFDProfile" ? 0 : kind.endsWith("Advertisement") ? 2 : 1);
