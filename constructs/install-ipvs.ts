import type { TerraformStack } from "cdktf";
import { nodeNeeds } from "../config/kube-proxy-settings";
import type { KubeProxyConfig } from "../config/schema/cluster";
import { RemoteScript } from "./remote-script";
import type { SshAccess } from "./ssh-access";

/** Bound of one run of a node's package manager, in seconds. */
const packageTimeoutSeconds = 300;

/**
 * The script of the stack nodes, for what kube-proxy's mode needs. The stack kube-proxy knows by its hash what that stack
 * has to have done.
 */
export const installIpvs = (stack: TerraformStack, ssh: SshAccess, kubeProxy: KubeProxyConfig): RemoteScript =>
  new RemoteScript(stack, ssh, "install-ipvs", {
    ...nodeNeeds(kubeProxy),
    PACKAGE_TIMEOUT_SECONDS: packageTimeoutSeconds,
  });
