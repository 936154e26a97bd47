import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import { apiServiceEndpoint } from "../../shared/api-service";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { ManagedConfig } from "../schema";
import type { NodeConfig } from "../../shared/schema/nodes";
import { NodeResource } from "../../shared/constructs/node-resource";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { plainAddress } from "../../shared/constructs/plain-address";
import type { Configuration } from "./configuration";
import { rolloutSeconds } from "../rollout-seconds";

/** How long a node may take, in seconds, to show the new mode once its pod runs. */
const proofSeconds = 60;

export interface ProofProps {
  readonly ssh: SshAccess;
  readonly nodes: readonly NodeConfig[];
  readonly controlPlane: NodeConfig;
  readonly kubernetes: KubernetesConfig;
  readonly kubeProxy: ManagedConfig;
  readonly configuration: Configuration;
}

/**
 * Waits for the rolling restart, then proves on every node the mode that runs, strictARP and the API's Service, and only
 * then takes away what another mode left there.
 */
export class Proof {
  /** One per node. */
  readonly resources: NodeResource[];

  constructor(stack: TerraformStack, props: ProofProps) {
    const { ssh, nodes, controlPlane, kubernetes, kubeProxy, configuration } = props;
    const rollOut = new RemoteScript(stack, ssh, "kube-proxy/await-rollout", {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
      WAIT_SECONDS: rolloutSeconds(nodes.length),
    });
    const rollout = new Resource(stack, "rollout", {
      triggers: { restart_id: configuration.restartId, script: rollOut.hash },
      dependsOn: [configuration.restart],
      // Also where the annotation is put back, which restarts the pods with the id of before.
      lifecycle: { replaceTriggeredBy: [plainAddress(configuration.restart)] },
      provisioners: [rollOut.onCreate(controlPlane)],
    });

    const { mode } = kubeProxy;
    const awaited = { API_SERVICE: apiServiceEndpoint(kubernetes.serviceCIDR), WAIT_SECONDS: proofSeconds };
    const prove =
      mode === "ipvs"
        ? new RemoteScript(stack, ssh, "kube-proxy/prove-ipvs", {
            MODE: mode,
            STRICT_ARP: kubeProxy.strictARP,
            ...awaited,
          })
        : new RemoteScript(stack, ssh, "kube-proxy/prove-rules", { MODE: mode, ...awaited });
    const clean = new RemoteScript(stack, ssh, "kube-proxy/clean-other-modes", { MODE: mode });
    this.resources = nodes.map(
      (node) =>
        new NodeResource(stack, {
          node,
          role: "proof",
          triggers: {
            restart_id: configuration.restartId,
            script: prove.hash,
            address: node.address,
            ...(node.hostKey && { host_key: node.hostKey }),
          },
          dependsOn: [rollout],
          lifecycle: { replaceTriggeredBy: [plainAddress(rollout)] },
          provisioners: [prove.onCreate(node), clean.onCreate(node)],
        }),
    );
  }
}
