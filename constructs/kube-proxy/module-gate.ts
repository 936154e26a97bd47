import { Resource } from "@cdktf/provider-null/lib/resource";
import type { TerraformStack } from "cdktf";
import { nodeId } from "../../config/node-id";
import { declaredSettings, nodeNeeds } from "../../config/kube-proxy-settings";
import type { ManagedConfig, NodeConfig } from "../../config/schema/cluster";
import { installIpvs } from "../install-ipvs";
import { RemoteScript } from "../remote-script";
import type { SshAccess } from "../ssh-access";

export interface ModuleGateProps {
  readonly ssh: SshAccess;
  readonly nodes: readonly NodeConfig[];
  readonly kubeProxy: ManagedConfig;
}

/**
 * Per node: refuses to go on where the stack nodes of this configuration has not done its work. Asked again when the
 * settings of kube-proxy, the work of the stack nodes, or the machine changes. It has no step at destroy, so unlike
 * NodeCleanup it may be replaced.
 */
export class ModuleGate {
  /** By the name of the node. */
  readonly resources: ReadonlyMap<string, Resource>;

  constructor(stack: TerraformStack, { ssh, nodes, kubeProxy }: ModuleGateProps) {
    const { mode, ipvs } = declaredSettings(kubeProxy);
    const require = new RemoteScript(stack, ssh, "require-ipvs", nodeNeeds(kubeProxy));
    const install = installIpvs(stack, ssh, kubeProxy);
    this.resources = new Map(
      nodes.map((node) => [
        node.name,
        new Resource(stack, `modules-${nodeId(node.name)}`, {
          triggers: {
            script: require.hash,
            install: install.hash,
            settings: JSON.stringify({ mode, ...ipvs }),
            address: node.address,
            ...(node.hostKey && { host_key: node.hostKey }),
          },
          provisioners: [require.onCreate(node)],
        }),
      ]),
    );
  }
}
