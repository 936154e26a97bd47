import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { NodeConfig } from "../shared/schema/nodes";
import type { SshConfig } from "../shared/schema/ssh";
import type { ModeOfNodes } from "./needs";
import type { SpeakersMemberlist } from "../shared/memberlist-port";
import { addBackend, BackendProps } from "../shared/constructs/backend";
import { nodePreparation } from "./constructs/node-preparation";
import { PreparedNode } from "./constructs/prepared-node";
import { RemoteScript } from "../shared/constructs/remote-script";
import { SshAccess } from "../shared/constructs/ssh-access";
import { requireTerraform } from "../shared/constructs/terraform-version";

/** What the stack `nodes` is made of. A whole configuration serves. */
export interface NodesStackProps extends BackendProps {
  /** How the nodes are reached. */
  readonly ssh: SshConfig;
  /** Every node of the cluster: a resource each, keyed by the node's name. */
  readonly nodes: readonly NodeConfig[];
  /** The mode that the nodes are prepared for. */
  readonly kubeProxy: ModeOfNodes;
  /** Where MetalLB's speakers find each other, which firewalld is to let through. */
  readonly metallb: SpeakersMemberlist;
}

/**
 * Layer 1: what kube-proxy's mode needs on every node; for IPVS ipset, ipvsadm and the kernel's modules.
 * @example
 * new NodesStack(app, "nodes", config)
 */
export class NodesStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: NodesStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    new NullProvider(this, "null");

    const ssh = new SshAccess(this, props.ssh);
    const prepare = nodePreparation(this, ssh, props);
    const remove = new RemoteScript(this, ssh, "nodes/remove-preparation");
    for (const node of props.nodes) {
      new PreparedNode(this, { node, ssh, prepare, remove });
    }
  }
}
