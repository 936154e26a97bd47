import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../shared/control-plane";
import { customResources } from "./pools/custom-resources";
import type { KubernetesConfig } from "../shared/schema/kubernetes";
import type { NodeConfig } from "../shared/schema/nodes";
import type { SshConfig } from "../shared/schema/ssh";
import type { MetallbConfig } from "./schema/metallb";
import { poolsTaken } from "./addresses";
import { addBackend, BackendProps } from "../shared/constructs/backend";
import { addKubernetesProvider } from "../shared/constructs/kubernetes-access";
import { AddressPools } from "./constructs/address-pools";
import { LoadBalancerClassGate } from "./constructs/load-balancer-class-gate";
import { PoolSafety } from "./constructs/pool-safety";
import { RolloutProof } from "./constructs/rollout-proof";
import { WebhookGate } from "./constructs/webhook-gate";
import { SshAccess } from "../shared/constructs/ssh-access";
import { requireTerraform } from "../shared/constructs/terraform-version";

/** What the stack `address-pools` is made of. A whole configuration serves. */
export interface AddressPoolsStackProps extends BackendProps {
  /** The cluster's version, networks, and how Terraform reaches its API. */
  readonly kubernetes: KubernetesConfig;
  /** How the first node of the control plane, where the rollout is proven, is reached. */
  readonly ssh: SshConfig;
  /** Every node of the cluster; the first one of the control plane is where the rollout is proven. */
  readonly nodes: readonly NodeConfig[];
  /** Pools, announcements, peers, BFD profiles and communities. */
  readonly metallb: MetallbConfig;
}

/**
 * For MetalLB 0.13 and later: the address pools, how they are announced, and to whom. Before MetalLB itself: its
 * controller takes the addresses of all Services away while it finds no pool.
 * @example
 * new AddressPoolsStack(app, "address-pools", config)
 */
export class AddressPoolsStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: AddressPoolsStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    const { kubernetes, metallb } = props;
    addKubernetesProvider(this, kubernetes.credentials);
    new NullProvider(this, "null");
    const precondition = metallb.allowAddressLoss ? undefined : this.keepsAddresses(props);
    const onControlPlane = {
      ssh: new SshAccess(this, props.ssh),
      controlPlane: firstControlPlane(props.nodes),
      kubernetes,
      timeout: metallb.rolloutTimeout,
    };
    const resources = customResources(metallb);
    const gate = new WebhookGate(this, { ...onControlPlane, resources });
    const pools = new AddressPools(this, "pools", { resources, precondition, after: [gate] });
    new RolloutProof(this, poolsTaken.id, {
      ...onControlPlane,
      script: "metallb/prove-address-pools",
      of: pools.resources,
    });
  }

  /** What keeps Services from losing their addresses. */
  private keepsAddresses({ nodes, metallb }: AddressPoolsStackProps) {
    const safety = new PoolSafety(this, { nodes, metallb });
    const gate = new LoadBalancerClassGate(this, { nodes, metallb, services: safety.services });
    return [...gate.precondition, ...safety.precondition];
  }
}
