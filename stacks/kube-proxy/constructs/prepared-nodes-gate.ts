import type { TerraformStack } from "cdktf";
import { declaredSettings } from "../settings";
import { excludedNetworks } from "./expressions";
import type { LiveConfiguration } from "./live-configuration";
import { nodeNeeds } from "../../nodes/needs";
import type { ManagedConfig } from "../schema";
import type { SpeakersMemberlist } from "../../shared/memberlist-port";
import type { NodeConfig } from "../../shared/schema/nodes";
import { nodePreparation } from "../../nodes/constructs/node-preparation";
import { nodeResourceName } from "../../shared/node-resource-name";
import { NodeResource } from "../../shared/constructs/node-resource";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";

export interface PreparedNodesGateProps {
  readonly ssh: SshAccess;
  readonly nodes: readonly NodeConfig[];
  readonly kubeProxy: ManagedConfig;
  /** What the stack nodes has prepared for beside. */
  readonly metallb: SpeakersMemberlist;
  readonly live: LiveConfiguration;
}

/**
 * Per node: refuses to go on where the stack nodes of this configuration has not done its work. Asked again when the
 * settings of kube-proxy, the work of the stack nodes, or the machine changes. It has no step at destroy, so unlike
 * NodeRestore it may be replaced.
 */
export class PreparedNodesGate {
  /** By the name of the node. */
  readonly resources: ReadonlyMap<string, NodeResource>;

  constructor(stack: TerraformStack, { ssh, nodes, kubeProxy, metallb, live }: PreparedNodesGateProps) {
    const { mode, ipvs } = declaredSettings(kubeProxy);
    const excluded: Readonly<Record<string, string>> =
      mode === "ipvs" ? { EXCLUDE_CIDRS: excludedNetworks(live.current, kubeProxy) } : {};
    const require = new RemoteScript(stack, ssh, "kube-proxy/require-prepared-node", nodeNeeds(kubeProxy));
    const install = nodePreparation(stack, ssh, { kubeProxy, metallb });
    this.resources = new Map(
      nodes.map((node) => [
        node.name,
        new NodeResource(stack, nodeResourceName(node.name, "modules"), {
          triggers: {
            script: require.hash,
            install: install.hash,
            settings: JSON.stringify({ mode, ...ipvs }),
            address: node.address,
            ...(node.hostKey && { host_key: node.hostKey }),
          },
          provisioners: [require.onCreate(node, {}, excluded)],
        }),
      ]),
    );
  }
}
