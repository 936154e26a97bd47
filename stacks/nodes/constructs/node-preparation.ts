import type { TerraformStack } from "cdktf";
import { type ModeOfNodes, nodeNeeds } from "../needs";
import { memberlistParameters, type SpeakersMemberlist } from "../../shared/memberlist-port";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";

/** Bound of one run of a node's package manager, in seconds. */
const packageTimeoutSeconds = 300;

/** What nodes are prepared for. */
export interface NodesNeeds {
  readonly kubeProxy: ModeOfNodes;
  readonly metallb: SpeakersMemberlist;
}

/**
 * The script of the stack nodes, for what kube-proxy's mode and MetalLB's speakers need.
 * The stack kube-proxy knows by its hash what that stack has to have done.
 */
export const nodePreparation = (
  stack: TerraformStack,
  ssh: SshAccess,
  { kubeProxy, metallb }: NodesNeeds,
): RemoteScript =>
  new RemoteScript(stack, ssh, "nodes/prepare-node", {
    ...nodeNeeds(kubeProxy),
    ...memberlistParameters(metallb),
    PACKAGE_TIMEOUT_SECONDS: packageTimeoutSeconds,
  });
