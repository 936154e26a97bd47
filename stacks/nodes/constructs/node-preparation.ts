import type { TerraformStack } from "cdktf";
import { type ModeOfNodes, nodeNeeds } from "../needs";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";

/** Bound of one run of a node's package manager, in seconds. */
const packageTimeoutSeconds = 300;

/**
 * The script of the stack nodes, for what kube-proxy's mode needs. The stack kube-proxy knows by its hash what that stack
 * has to have done.
 */
export const nodePreparation = (stack: TerraformStack, ssh: SshAccess, kubeProxy: ModeOfNodes): RemoteScript =>
  new RemoteScript(stack, ssh, "nodes/prepare-node", {
    ...nodeNeeds(kubeProxy),
    PACKAGE_TIMEOUT_SECONDS: packageTimeoutSeconds,
  });
