import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import type { ClusterConfig } from "../config/schema/cluster";
import { addBackend, BackendProps } from "../constructs/backend";
import { installIpvs } from "../constructs/install-ipvs";
import { IpvsNode } from "../constructs/ipvs-node";
import { RemoteScript } from "../constructs/remote-script";
import { SshAccess } from "../constructs/ssh-access";
import { requireTerraform } from "../constructs/terraform-version";

export type NodesStackProps = BackendProps & Pick<ClusterConfig, "ssh" | "nodes" | "kubeProxy">;

/** Layer 1: what kube-proxy's mode needs on every node; for IPVS ipset, ipvsadm and the kernel's modules. */
export class NodesStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: NodesStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    new NullProvider(this, "null");

    const ssh = new SshAccess(this, props.ssh);
    const install = installIpvs(this, ssh, props.kubeProxy);
    const remove = new RemoteScript(this, ssh, "remove-ipvs");
    for (const node of props.nodes) {
      new IpvsNode(this, { node, ssh, install, remove });
    }
  }
}
