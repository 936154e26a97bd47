import { Resource } from "@cdktf/provider-null/lib/resource";
import type { TerraformStack } from "cdktf";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { plainAddress, type TerraformAddress } from "../../shared/constructs/plain-address";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { memberlist } from "../addresses";

export interface SpeakerRestartProps {
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: KubernetesConfig;
  /** Expression in a template: what changes with the memberlist's key. */
  readonly restartOn: string;
  /** What a speaker that starts is to find, its own DaemonSet among it. */
  readonly after: readonly TerraformAddress[];
}

/**
 * Restarts the speakers together when the memberlist has another key. Kubernetes by itself restarts them one after the
 * other: those that have the new key and those that still have the old one would take each other for dead, and announce the
 * same addresses, for as long as the rollout takes.
 */
export class SpeakerRestart extends Resource {
  constructor(stack: TerraformStack, { ssh, controlPlane, kubernetes, restartOn, after }: SpeakerRestartProps) {
    const script = new RemoteScript(stack, ssh, "metallb/restart-speakers", {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
    });
    super(stack, memberlist.restart.id, {
      triggers: { script: script.hash, secret: restartOn },
      provisioners: [script.onCreate(controlPlane)],
    });
    this.addOverride("depends_on", after.map(plainAddress));
  }
}
