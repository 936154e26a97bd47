import type { TerraformStack } from "cdktf";
import { RemoteScript } from "./remote-script";
import type { SshAccess } from "./ssh-access";

/** Bound of one run of a node's package manager, in seconds. */
const packageTimeoutSeconds = 300;

/** The script of the stack nodes. The stack kube-proxy knows by its hash what that stack has to have done. */
export const installIpvs = (stack: TerraformStack, ssh: SshAccess, scheduler: string): RemoteScript =>
  new RemoteScript(stack, ssh, "install-ipvs", {
    SCHEDULER: scheduler,
    PACKAGE_TIMEOUT_SECONDS: packageTimeoutSeconds,
  });
