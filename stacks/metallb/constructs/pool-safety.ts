import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { TerraformLocal, type TerraformResourceLifecycle, type TerraformStack } from "cdktf";
import type { PoolConfig } from "../schema/pools";
import { assignedAddresses, poolRanges, strandedAddresses } from "./address-expressions";

/**
 * Refuses pools that do not hold an address which a Service has. MetalLB 0.9 refuses such a configuration too, but only
 * logs it, and takes it at its next restart, whenever that is: then the Services lose their addresses.
 *
 * A condition of a resource is checked by every plan, also by one that changes nothing, and not when it is destroyed.
 */
export class PoolSafety {
  readonly precondition: NonNullable<TerraformResourceLifecycle["precondition"]>;

  constructor(stack: TerraformStack, pools: readonly PoolConfig[]) {
    // All Services, since clusters before 1.22 cannot select them by type.
    const services = new DataKubernetesResources(stack, "services", { apiVersion: "v1", kind: "Service" });
    const local = (id: string, expression: string): string =>
      `local.${new TerraformLocal(stack, id, `\${${expression}}`).friendlyUniqueId}`;
    const assigned = local(
      "assigned-addresses",
      assignedAddresses(`data.kubernetes_resources.${services.friendlyUniqueId}.objects`),
    );
    const stranded = local("stranded-addresses", strandedAddresses(assigned, local("pool-ranges", poolRanges(pools))));
    this.precondition = [
      {
        condition: `\${length(${stranded}) == 0}`,
        errorMessage: `Services would lose their addresses, since no pool of cluster.yaml holds them: \${join(", ", ${stranded})}. Add a range with them to metallb.pools, or set metallb.allowAddressLoss: true if it is meant.`,
      },
    ];
  }
}
