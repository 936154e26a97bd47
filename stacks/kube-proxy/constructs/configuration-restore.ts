import { Resource } from "@cdktf/provider-null/lib/resource";
import { LocalExecProvisioner, TerraformStack } from "cdktf";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import type { Configuration } from "./configuration";
import { originalConfigMap } from "../names";
import type { OriginalSettings } from "./original-settings";

export interface ConfigurationRestoreProps {
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: KubernetesConfig;
  readonly original: OriginalSettings;
  readonly configuration: Configuration;
}

/** Of the resource, in every configuration: see UnmanagedProxy. */
export const restoreId = "restore";

const refusal =
  "The kube-proxy stack cannot be destroyed while ssh.privateKeyVariable is true: the restore step runs when the stack" +
  " is destroyed, and Terraform gives no variables to such steps. Set ssh.privateKeyFile or ssh.agent instead, deploy" +
  " kube-proxy, then destroy it. Nothing was changed.";

/**
 * Destroyed first, as the last to depend: hands the original settings to another field manager, before Terraform
 * deletes its own fields. Without that step the delete would remove `config.conf` and with it every kube-proxy.
 */
export class ConfigurationRestore extends Resource {
  constructor(
    stack: TerraformStack,
    { ssh, controlPlane, kubernetes, original, configuration }: ConfigurationRestoreProps,
  ) {
    const script = new RemoteScript(stack, ssh, "kube-proxy/restore-configuration", {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
      ORIGINAL_CONFIGMAP: originalConfigMap.name,
    });
    super(stack, restoreId, {
      // No triggers: a replacement would restore the original settings under a running configuration.
      dependsOn: [original.configMap, configuration.data, configuration.restart],
      provisioners: [ssh.worksAtDestroy ? script.onDestroy(controlPlane) : refuse],
    });
  }
}

const refuse: LocalExecProvisioner & { readonly when: "destroy" } = {
  type: "local-exec",
  when: "destroy",
  command: `echo '${refusal}' >&2; exit 1`,
};
