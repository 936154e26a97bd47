import { TerraformLocal, type TerraformResourceLifecycle, type TerraformStack } from "cdktf";
import { allPools } from "../resources/as-sections";
import type { NodeConfig } from "../../shared/schema/nodes";
import { allNamespaces, ResourcesInNamespaces } from "../../shared/constructs/resources-in-namespaces";
import { quoted } from "../../shared/terraform-text";
import { usesCustomResources } from "../release/releases";
import type { MetallbConfig } from "../schema/metallb";
import {
  addressesAmong,
  assignedAddresses,
  hasClass,
  nodeAddresses,
  poolRanges,
  strandedAddresses,
} from "./address-expressions";

export interface PoolSafetyProps {
  readonly nodes: readonly Pick<NodeConfig, "address">[];
  readonly metallb: Pick<MetallbConfig, "pools" | "resourceObjects" | "version" | "loadBalancerClass">;
}

/**
 * Refuses pools that do not hold an address which a Service has. MetalLB before 0.13 refuses such a configuration too, but
 * only logs it, and takes it at its next restart, whenever that is: then the Services lose their addresses.
 *
 * A condition of a resource is checked by every plan, also by one that changes nothing, and not when it is destroyed.
 */
export class PoolSafety {
  readonly precondition: NonNullable<TerraformResourceLifecycle["precondition"]>;
  /** Expression: all Services. */
  readonly services: string;

  constructor(stack: TerraformStack, { nodes, metallb }: PoolSafetyProps) {
    // All Services, since clusters before 1.22 cannot select them by type.
    const services = new ResourcesInNamespaces(stack, "services", {
      apiVersion: "v1",
      kind: "Service",
      namespaces: allNamespaces(stack),
    });
    this.services = services.everywhere;
    const local = (id: string, expression: string): string =>
      `local.${new TerraformLocal(stack, id, `\${${expression}}`).friendlyUniqueId}`;
    // MetalLB before 0.13 knows no class, and looks after all Services.
    const which = usesCustomResources(metallb.version) ? hasClass(metallb.loadBalancerClass) : undefined;
    const assigned = local("assigned-addresses", assignedAddresses(services.everywhere, which));
    const ranges = local("pool-ranges", poolRanges(allPools(metallb)));
    const stranded = local("stranded-addresses", strandedAddresses(assigned, ranges));
    const ofNodes = local("node-addresses", nodeAddresses(nodes));
    const nodesOwn = local("stranded-node-addresses", strandedAddresses(addressesAmong(assigned, ofNodes), ranges));
    const either = (condition: string, text: string) => `\${${condition} ? ${quoted(text)} : ""}`;
    this.precondition = [
      {
        condition: `\${length(${stranded}) == 0}`,
        errorMessage:
          `Services would lose their addresses, since no pool of cluster.yaml holds them: \${join(", ", ${stranded})}.` +
          either(`length(${nodesOwn}) > 0`, foreign) +
          either(`length(${nodesOwn}) < length(${stranded})`, remedy),
      },
    ];
  }
}

const remedy = " Add a range with them to metallb.pools, or set metallb.allowAddressLoss: true if it is meant.";

/** Where a node's own address is among them, which no pool may hold. */
const foreign =
  " Addresses of nodes come from another program that gives addresses to Services, such as k3s' ServiceLB: turn it off" +
  " (k3s: --disable=servicelb on its servers), and set metallb.allowAddressLoss: true for the one deploy in which MetalLB" +
  " gives these Services addresses of metallb.pools.";
