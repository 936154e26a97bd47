import { Resource } from "@cdktf/provider-null/lib/resource";
import type { TerraformStack } from "cdktf";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";

export interface KubectlGateProps {
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: Pick<KubernetesConfig, "nodeKubeconfig">;
}

/** Refuses to go on where the control-plane node has not what the roll and the way back need: `null_resource.kubectl-gate`. */
export class KubectlGate extends Resource {
  constructor(stack: TerraformStack, { ssh, controlPlane, kubernetes }: KubectlGateProps) {
    const require = new RemoteScript(stack, ssh, "kube-proxy/require-kubectl", {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
    });
    super(stack, "kubectl-gate", {
      triggers: {
        script: require.hash,
        address: controlPlane.address,
        ...(controlPlane.hostKey && { host_key: controlPlane.hostKey }),
      },
      provisioners: [require.onCreate(controlPlane)],
    });
  }
}
