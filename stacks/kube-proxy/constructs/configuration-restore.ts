import { Resource } from "@cdktf/provider-null/lib/resource";
import { type ITerraformDependable, LocalExecProvisioner, TerraformStack } from "cdktf";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { type DestroyTimeProvisioner, RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { nodesAtATime } from "../rollout";
import type { ManagedConfig } from "../schema";
import { originalConfigMap } from "../names";
import type { OriginalSettings } from "./original-settings";

export interface ConfigurationRestoreProps {
  readonly step: ConfigurationRestoreStep;
  readonly original: OriginalSettings;
  /** What is to be let go of after the step. */
  readonly configuration: { readonly data: ITerraformDependable; readonly restart: ITerraformDependable };
}

/** What runs when a resource is destroyed. */
export type ConfigurationRestoreStep = DestroyTimeProvisioner | RefusalAtDestroy;

type RefusalAtDestroy = LocalExecProvisioner & { readonly when: "destroy" };

/** Of the resource, in every configuration: see UnmanagedProxy. */
export const restoreId = "restore";

const refusal =
  "The kube-proxy stack cannot be destroyed while ssh.privateKeyVariable is true: the restore step runs when the stack" +
  " is destroyed, and Terraform gives no variables to such steps. Set ssh.privateKeyFile or ssh.agent instead, deploy" +
  " kube-proxy, then destroy it. kube-proxy was not changed.";

export interface RestoreStepProps {
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: Pick<KubernetesConfig, "nodeKubeconfig">;
  readonly nodes: readonly NodeConfig[];
  readonly kubeProxy: ManagedConfig;
}

/** The step that hands the original settings to another field manager, and rolls kube-proxy with them. */
export function restoreStep(
  stack: TerraformStack,
  { ssh, controlPlane, kubernetes, nodes, kubeProxy }: RestoreStepProps,
): ConfigurationRestoreStep {
  const script = new RemoteScript(stack, ssh, "kube-proxy/restore-configuration", {
    KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
    ORIGINAL_CONFIGMAP: originalConfigMap.name,
    MAX_UNAVAILABLE: nodesAtATime(kubeProxy.maxUnavailable, nodes.length),
  });
  return ssh.worksAtDestroy ? script.onDestroy(controlPlane) : refuse;
}

/**
 * Destroyed first, as the last to depend, so that the pods' restart annotation is there until the original settings are
 * back. Without the step, Terraform's delete of its own fields would remove `config.conf` and with it every kube-proxy: the
 * configuration has it, too, for a deploy that ended before this resource was made. A second run changes nothing.
 */
export class ConfigurationRestore extends Resource {
  constructor(stack: TerraformStack, { step, original, configuration }: ConfigurationRestoreProps) {
    super(stack, restoreId, {
      // No triggers: a replacement would restore the original settings under a running configuration.
      dependsOn: [original.configMap, configuration.data, configuration.restart],
      provisioners: [step],
    });
  }
}

/**
 * Destroyed before all others, and refuses to be: what does not need the restored settings, such as the record of the
 * proof, would otherwise be gone by the time that the step refuses.
 */
export class DestroyGate extends Resource {
  constructor(stack: TerraformStack, dependsOn: ITerraformDependable[]) {
    super(stack, "destroy-gate", { dependsOn, provisioners: [refuse] });
  }
}

const refuse: RefusalAtDestroy = {
  type: "local-exec",
  when: "destroy",
  command: `echo '${refusal}' >&2; exit 1`,
};
