import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import { nodeId } from "../../config/node-id";
import type { NodeConfig } from "../../config/schema/cluster";
import { RemoteScript } from "../remote-script";
import type { SshAccess } from "../ssh-access";
import { rolloutSeconds } from "./rollout-seconds";

export interface NodeCleanupProps {
  readonly ssh: SshAccess;
  readonly nodes: readonly NodeConfig[];
  readonly scheduler: string;
  /** Expression: kube-proxy's mode before this project. */
  readonly originalMode: string;
}

/**
 * Per node, created before kube-proxy is touched and destroyed after it: refuses to go on where IPVS would not work,
 * and takes away what IPVS mode leaves behind once the pods run in their original mode.
 */
export class NodeCleanup {
  readonly resources: Resource[];

  constructor(stack: TerraformStack, { ssh, nodes, scheduler, originalMode }: NodeCleanupProps) {
    const before = new RemoteScript(stack, ssh, "before-kube-proxy", { SCHEDULER: scheduler });
    const after = new RemoteScript(stack, ssh, "after-kube-proxy", { WAIT_SECONDS: rolloutSeconds(nodes.length) });
    this.resources = nodes.map(
      (node) =>
        new Resource(stack, `before-${nodeId(node.name)}`, {
          // No trigger ever changes: a replacement would clean a node that IPVS serves.
          triggers: { original_mode: originalMode },
          lifecycle: { ignoreChanges: ["triggers"] },
          provisioners: [
            before.onCreate(node),
            ...(ssh.worksAtDestroy ? [after.onDestroy(node, { ORIGINAL_MODE: "original_mode" })] : []),
          ],
        }),
    );
  }
}
