import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import type { TerraformResourceLifecycle } from "cdktf";
import { Construct } from "constructs";
import type { CustomResource } from "../../config/metallb/custom-resources";
import { literalJson } from "../../config/terraform-text";
import { fieldManagers } from "./field-managers";

export interface AddressPoolsProps {
  readonly resources: readonly CustomResource[];
  /** What every plan checks before a pool is written. @default nothing */
  readonly precondition?: TerraformResourceLifecycle["precondition"];
}

/** MetalLB's configuration as custom resources. What refers to another object by name is written after it. */
export class AddressPools extends Construct {
  readonly resources: readonly Manifest[];

  constructor(scope: Construct, id: string, { resources, precondition }: AddressPoolsProps) {
    super(scope, id);
    const made: { readonly kind: string; readonly resource: Manifest }[] = [];
    for (const { kind, ...object } of resources) {
      const name = `${kind.toLowerCase()}-${object.metadata.name.replaceAll(".", "_")}`;
      // An announcement names pools, peers and communities, a peer its BFD profile; upstream's webhook looks for them.
      const before = made.filter((other) => rank(other.kind) < rank(kind)).map((other) => other.resource);
      const resource = new Manifest(this, name, {
        manifest: literalJson({ kind, ...object }),
        // Whoever edited a field by hand: what cluster.yaml declares is put back.
        fieldManager: { name: fieldManagers.metallb, forceConflicts: true },
        dependsOn: before,
        ...(kind === "IPAddressPool" && precondition && { lifecycle: { precondition } }),
      });
      resource.overrideLogicalId(name);
      made.push({ kind, resource });
    }
    this.resources = made.map(({ resource }) => resource);
  }
}

const order = [["BFDProfile", "Community", "IPAddressPool"], ["BGPPeer"], ["L2Advertisement", "BGPAdvertisement"]];
const rank = (kind: string): number => order.findIndex((kinds) => kinds.includes(kind));
