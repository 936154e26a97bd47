import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import { preparedNode } from "../addresses";
import type { NodeConfig } from "../../shared/schema/nodes";
import type { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";

export interface PreparedNodeProps {
  readonly node: NodeConfig;
  readonly ssh: SshAccess;
  readonly install: RemoteScript;
  readonly remove: RemoteScript;
}

/** One node with what kube-proxy's mode needs, for IPVS ipset, ipvsadm and the kernel's modules: `null_resource.<node>`. */
export class PreparedNode extends Resource {
  constructor(scope: TerraformStack, { node, ssh, install, remove }: PreparedNodeProps) {
    super(scope, preparedNode(node.name).id, {
      triggers: {
        script: install.hash,
        address: node.address,
        // A re-imaged machine has a new host key, and none of what the script had done.
        ...(node.hostKey && { host_key: node.hostKey }),
      },
      provisioners: [
        install.onCreate(node, { NODE_ADDRESS: node.address }),
        ...(ssh.worksAtDestroy ? [remove.onDestroy(node)] : []),
      ],
    });
  }
}
