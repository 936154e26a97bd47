import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../config/control-plane";
import { customResources } from "../config/metallb/custom-resources";
import type { ClusterConfig } from "../config/schema/cluster";
import { addBackend, BackendProps } from "../constructs/backend";
import { addKubernetesProvider } from "../constructs/kubernetes-access";
import { AddressPools } from "../constructs/metallb/address-pools";
import { PoolSafety } from "../constructs/metallb/pool-safety";
import { Rollout } from "../constructs/metallb/rollout";
import { SshAccess } from "../constructs/ssh-access";
import { requireTerraform } from "../constructs/terraform-version";

export type AddressPoolsStackProps = BackendProps & Pick<ClusterConfig, "kubernetes" | "ssh" | "nodes" | "metallb">;

/**
 * For MetalLB 0.13 and later: the address pools, how they are announced, and to whom. Before MetalLB itself: its
 * controller takes the addresses of all Services away while it finds no pool.
 */
export class AddressPoolsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: AddressPoolsStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    const { kubernetes, metallb } = props;
    addKubernetesProvider(this, kubernetes.credentials);
    new NullProvider(this, "null");
    const safety = metallb.allowAddressLoss ? undefined : new PoolSafety(this, metallb.pools);
    const pools = new AddressPools(this, "pools", {
      resources: customResources(metallb),
      precondition: safety?.precondition,
    });
    new Rollout(this, "taken", {
      script: "prove-address-pools",
      ssh: new SshAccess(this, props.ssh),
      controlPlane: firstControlPlane(props.nodes),
      kubernetes,
      timeout: metallb.rolloutTimeout,
      of: pools.resources,
    });
  }
}
