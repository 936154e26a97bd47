import { TerraformStack } from "cdktf";
import { preparedNode } from "../addresses";
import { nodeResourceName } from "../../shared/node-resource-name";
import type { NodeConfig } from "../../shared/schema/nodes";
import { NodeResource } from "../../shared/constructs/node-resource";
import type { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";

export interface PreparedNodeProps {
  readonly node: NodeConfig;
  readonly ssh: SshAccess;
  readonly prepare: RemoteScript;
  readonly remove: RemoteScript;
}

/** One node with what kube-proxy's mode needs, for IPVS ipset, ipvsadm and the kernel's modules: `null_resource.<node>`. */
export class PreparedNode extends NodeResource {
  constructor(scope: TerraformStack, { node, ssh, prepare, remove }: PreparedNodeProps) {
    // Of its own, with no trigger: a resource that is replaced is destroyed first, and a node that is prepared anew would
    // lose its files and its open ports before, or for good where that fails. In front of the other, so that it is there,
    // and removes, also where the preparation failed halfway.
    const removal = ssh.worksAtDestroy
      ? [new NodeResource(scope, nodeResourceName(node.name, "_removal"), { provisioners: [remove.onDestroy(node)] })]
      : [];
    super(scope, preparedNode(node.name).id, {
      triggers: {
        script: prepare.hash,
        address: node.address,
        // A re-imaged machine has a new host key, and none of what the script had done.
        ...(node.hostKey && { host_key: node.hostKey }),
      },
      dependsOn: removal,
      provisioners: [prepare.onCreate(node, { NODE_ADDRESS: node.address })],
    });
  }
}
