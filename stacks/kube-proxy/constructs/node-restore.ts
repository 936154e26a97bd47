import { type ITerraformDependable, TerraformStack } from "cdktf";
import type { ManagedConfig } from "../schema";
import type { NodeConfig } from "../../shared/schema/nodes";
import { nodeResourceName } from "../../shared/node-resource-name";
import { NodeResource } from "../../shared/constructs/node-resource";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { rolloutSeconds } from "../rollout-seconds";

export interface NodeRestoreProps {
  readonly ssh: SshAccess;
  readonly nodes: readonly NodeConfig[];
  readonly mode: ManagedConfig["mode"];
  /** What a node must have passed before its settings are noted, by the node's name. */
  readonly gates: ReadonlyMap<string, ITerraformDependable>;
  /** Expression: kube-proxy's mode before this project. */
  readonly originalMode: string;
}

/**
 * Per node, created before kube-proxy is touched and destroyed after it: notes the kernel settings, and takes away what
 * other modes leave behind once the pods run in their original mode.
 */
export class NodeRestore {
  readonly resources: NodeResource[];

  constructor(stack: TerraformStack, { ssh, nodes, mode, gates, originalMode }: NodeRestoreProps) {
    const before = new RemoteScript(stack, ssh, "kube-proxy/note-kernel-settings");
    const after = new RemoteScript(stack, ssh, "kube-proxy/restore-node", {
      MODE: mode,
      WAIT_SECONDS: rolloutSeconds(nodes.length),
    });
    this.resources = nodes.map(
      (node) =>
        new NodeResource(stack, nodeResourceName(node.name, "before"), {
          // No trigger ever changes: a replacement would clean a node that IPVS serves.
          triggers: { original_mode: originalMode },
          lifecycle: { ignoreChanges: ["triggers"] },
          dependsOn: [gates.get(node.name)].filter((gate) => gate !== undefined),
          provisioners: [
            before.onCreate(node),
            ...(ssh.worksAtDestroy ? [after.onDestroy(node, { ORIGINAL_MODE: "original_mode" })] : []),
          ],
        }),
    );
  }
}
