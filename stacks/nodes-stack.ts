import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ClusterConfig } from "../config/schema/cluster";
import { addBackend, BackendProps } from "../constructs/backend";
import { IpvsNode } from "../constructs/ipvs-node";
import { RemoteScript } from "../constructs/remote-script";
import { SshAccess } from "../constructs/ssh-access";
import { requireTerraform } from "../constructs/terraform-version";

export type NodesStackProps = BackendProps & Pick<ClusterConfig, "ssh" | "nodes" | "kubeProxy">;

/** Bound of one run of a node's package manager, in seconds. */
const packageTimeoutSeconds = 300;

/** Layer 1: ipset, ipvsadm and IPVS's kernel modules on every node. */
export class NodesStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: NodesStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    new NullProvider(this, "null");

    const ssh = new SshAccess(this, props.ssh);
    const install = new RemoteScript(this, ssh, "install-ipvs", {
      SCHEDULER: props.kubeProxy.scheduler,
      PACKAGE_TIMEOUT_SECONDS: packageTimeoutSeconds,
    });
    const remove = new RemoteScript(this, ssh, "remove-ipvs");
    for (const node of props.nodes) {
      new IpvsNode(this, { node, ssh, install, remove });
    }
  }
}
