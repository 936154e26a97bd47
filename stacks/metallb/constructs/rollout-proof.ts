import { Manifest } from "@cdktf/provider-kubernetes/lib/manifest";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import { durationSeconds } from "../../../values/durations";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { ScriptName } from "../../shared/script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { plainAddress, type TerraformAddress } from "../../shared/constructs/plain-address";

/** How long a pod may take, in seconds, to see a changed configuration. */
const settleSeconds = 5;

export interface RolloutProofProps {
  /** What waits, and proves. */
  readonly script: ScriptName;
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: KubernetesConfig;
  /** How long the controller and the speakers may take to become ready, such as "5m". */
  readonly timeout: string;
  /** What the rollout is proven for, typed or generic: where one of them is made or changed, it is proven again. */
  readonly of: readonly TerraformAddress[];
  /** What must have run before, though it is no part of the proof. @default none */
  readonly after?: readonly TerraformAddress[];
}

/**
 * Expression: the uid of an object. It is not known before the object is made, which replaces what has it among its
 * triggers; replace_triggered_by does not, since for Terraform a resource that is made has not changed. Of what the generic
 * resource made, nothing but "" is kept in the state.
 */
function uid(address: TerraformAddress): string {
  const resource = plainAddress(address);
  return address.terraformResourceType === Manifest.tfResourceType
    ? `\${try(coalesce(${resource}.object.metadata.uid, ""), "")}`
    : `\${${resource}.metadata[0].uid}`;
}

/** Waits on a control-plane node until MetalLB's pods run and have taken the configuration. */
export class RolloutProof extends Resource {
  constructor(scope: TerraformStack, id: string, props: RolloutProofProps) {
    const { ssh, controlPlane, kubernetes, timeout, of, after = [] } = props;
    const script = new RemoteScript(scope, ssh, props.script, {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
      WAIT_SECONDS: durationSeconds(timeout),
      SETTLE_SECONDS: settleSeconds,
    });
    super(scope, id, {
      triggers: { script: script.hash, ...Object.fromEntries(of.map((one) => [plainAddress(one), uid(one)])) },
      lifecycle: { replaceTriggeredBy: of.map(plainAddress) },
      provisioners: [script.onCreate(controlPlane)],
    });
    if (after.length > 0) this.addOverride("depends_on", after.map(plainAddress));
  }
}
