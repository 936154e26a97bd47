import { Resource } from "@cdktf/provider-null/lib/resource";
import { TerraformStack } from "cdktf";
import { apiServiceEndpoint } from "../../shared/api-service";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import { nodeProof } from "../addresses";
import type { ManagedConfig } from "../schema";
import type { NodeConfig } from "../../shared/schema/nodes";
import { NodeResource } from "../../shared/constructs/node-resource";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import { plainAddress } from "../../shared/constructs/plain-address";
import type { Configuration } from "./configuration";
import { rolloutSteps } from "../rollout";

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

/** How long the pods of one step of the roll may take to be replaced, in seconds: 30 s to go, and to be scheduled. */
const stepSeconds = 180;

/**
 * Replaces kube-proxy's pods step by step, the first node alone, and proves each node before the next step: the mode that
 * runs, strictARP and the API's Service. The steps are provisioners of one resource, which run one after the other and end
 * at the first that fails; resources that depend on each other would make a state that grows with the square of the nodes.
 * What was done is not done again by the next apply. After the last, each node's own resource takes away what another mode
 * left there.
 */
export class Proof {
  /** One per node. */
  readonly resources: NodeResource[];

  constructor(stack: TerraformStack, props: ProofProps) {
    const { ssh, nodes, controlPlane, kubernetes, kubeProxy, configuration } = props;
    const { mode, maxUnavailable } = kubeProxy;
    const awaited = { API_SERVICE: apiServiceEndpoint(kubernetes.serviceCIDR), WAIT_SECONDS: proofSeconds };
    const prove =
      mode === "ipvs"
        ? new RemoteScript(stack, ssh, "kube-proxy/prove-ipvs", {
            MODE: mode,
            STRICT_ARP: kubeProxy.strictARP,
            ...awaited,
          })
        : new RemoteScript(stack, ssh, "kube-proxy/prove-rules", { MODE: mode, ...awaited });
    const access = { KUBECONFIG_FILE: kubernetes.nodeKubeconfig };
    const roll = new RemoteScript(stack, ssh, "kube-proxy/roll-nodes", { ...access, WAIT_SECONDS: stepSeconds });
    const finish = new RemoteScript(stack, ssh, "kube-proxy/finish-rollout", access);
    const rollout = new Resource(stack, "rollout", {
      // Not the nodes: one that joins has a pod of the current template already.
      triggers: { restart_id: configuration.restartId, script: `${roll.hash}-${finish.hash}` },
      dependsOn: [configuration.restart],
      // Also where the annotation is put back, which restarts the pods with the id of before.
      lifecycle: { replaceTriggeredBy: [plainAddress(configuration.restart), plainAddress(configuration.hold)] },
      provisioners: [
        ...rolloutSteps(nodes, maxUnavailable).flatMap((step) => [
          roll.onCreate(controlPlane, { NODES: step.map(({ name }) => name).join(" ") }),
          ...step.map((node) => prove.onCreate(node)),
        ]),
        finish.onCreate(controlPlane),
      ],
    });

    const clean = new RemoteScript(stack, ssh, "kube-proxy/clean-other-modes", { MODE: mode });
    this.resources = nodes.map(
      (node) =>
        new NodeResource(stack, nodeProof(node.name).id, {
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
