import { webhookGate } from "../addresses";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { Resource } from "@cdktf/provider-null/lib/resource";
import type { TerraformStack } from "cdktf";
import { durationSeconds } from "../../../values/durations";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import type { CustomResource } from "../pools/custom-resource";
import { namespaceName } from "../release/component";
import { sha256 } from "../release/manifest";

export interface WebhookGateProps {
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: KubernetesConfig;
  /** How long the webhook may take to answer, such as "5m". */
  readonly timeout: string;
  /** What the webhook is to accept. */
  readonly resources: readonly CustomResource[];
}

/**
 * Goes before the address pools where they change: a webhook that is silent for a while is waited for, and one whose
 * namespace was deleted, and that would refuse every pool for ever, is taken out of their way.
 */
export class WebhookGate extends Resource {
  constructor(stack: TerraformStack, { ssh, controlPlane, kubernetes, timeout, resources }: WebhookGateProps) {
    const script = new RemoteScript(stack, ssh, "metallb/require-webhook", {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
      WAIT_SECONDS: durationSeconds(timeout),
    });
    const namespaces = new DataKubernetesResources(stack, "namespaces", {
      apiVersion: "v1",
      kind: "Namespace",
      // A list, since one object that does not exist would be an error.
      fieldSelector: `metadata.name=${namespaceName}`,
    });
    const objects = `data.kubernetes_resources.${namespaces.friendlyUniqueId}.objects`;
    super(stack, webhookGate.id, {
      triggers: {
        script: script.hash,
        // A hash, so that a plan does not show the pools a second time.
        pools: sha256(JSON.stringify(resources)),
        namespace: `\${try(${objects}[0].metadata.uid, "")}`,
      },
      provisioners: [script.onCreate(controlPlane)],
    });
  }
}
