import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../shared/control-plane";
import type { KubernetesConfig } from "../shared/schema/kubernetes";
import type { SpeakersMemberlist } from "../shared/memberlist-port";
import type { NodeConfig } from "../shared/schema/nodes";
import type { SshConfig } from "../shared/schema/ssh";
import type { KubeProxyConfig } from "./schema";
import { addBackend, BackendProps } from "../shared/constructs/backend";
import { Configuration } from "./constructs/configuration";
import { LiveConfiguration } from "./constructs/live-configuration";
import { PreparedNodesGate } from "./constructs/prepared-nodes-gate";
import { NodeRestore } from "./constructs/node-restore";
import { OriginalSettings } from "./constructs/original-settings";
import { Proof } from "./constructs/proof";
import { ProofRecord } from "./constructs/proof-record";
import { KubectlGate } from "./constructs/kubectl-gate";
import { ConfigurationRestore, DestroyGate, restoreStep } from "./constructs/configuration-restore";
import { restartIdKey } from "./names";
import { UnmanagedProxy } from "./constructs/unmanaged-proxy";
import { addKubernetesProvider } from "../shared/constructs/kubernetes-access";
import { SshAccess } from "../shared/constructs/ssh-access";
import { requireTerraform } from "../shared/constructs/terraform-version";

/** What the stack `kube-proxy` is made of. A whole configuration serves. */
export interface KubeProxyStackProps extends BackendProps {
  /** The cluster's version, networks, and how Terraform reaches its API. */
  readonly kubernetes: KubernetesConfig;
  /** How the nodes are reached. */
  readonly ssh: SshConfig;
  /** Every node of the cluster, with at least one of the control plane. */
  readonly nodes: readonly NodeConfig[];
  /** What kube-proxy is to be, or that it is not managed from here. */
  readonly kubeProxy: KubeProxyConfig;
  /** What the stack nodes has prepared for beside. */
  readonly metallb: SpeakersMemberlist;
}

/**
 * Layer 2: kube-proxy in the declared mode, and the way back to what it was; or a proof, where it is not managed.
 * @example
 * new KubeProxyStack(app, "kube-proxy", config)
 */
export class KubeProxyStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: KubeProxyStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    addKubernetesProvider(this, props.kubernetes.credentials);
    new NullProvider(this, "null");
    new RandomProvider(this, "random");

    const ssh = new SshAccess(this, props.ssh);
    const controlPlane = firstControlPlane(props.nodes);
    const { nodes, kubernetes, kubeProxy } = props;

    if (kubeProxy.mode === "unmanaged") {
      new UnmanagedProxy(this, { ssh, nodes });
      return;
    }
    const live = new LiveConfiguration(this, { kubernetes, declared: kubeProxy });
    const original = new OriginalSettings(this, live, kubeProxy);
    const gates = new PreparedNodesGate(this, { ssh, nodes, kubeProxy, metallb: props.metallb, live }).resources;
    const cleanup = new NodeRestore(this, { ssh, nodes, mode: kubeProxy.mode, gates, originalMode: original.mode });
    const kubectl = new KubectlGate(this, { ssh, controlPlane, kubernetes });
    const restore = restoreStep(this, { ssh, controlPlane, kubernetes, nodes, kubeProxy });
    const after = [original.configMap, kubectl, ...gates.values(), ...cleanup.resources];
    const configuration = new Configuration(this, {
      live,
      declared: kubeProxy,
      after,
      restore,
      ssh,
      controlPlane,
      kubernetes,
    });
    const proof = new Proof(this, { ssh, nodes, controlPlane, kubernetes, kubeProxy, configuration });
    const record = new ProofRecord(this, {
      purpose: "what baremetal-lb has proven of kube-proxy on every node; metallb is deployed on top of it",
      data: {
        mode: kubeProxy.mode,
        // The only mode that it means anything in.
        ...(kubeProxy.mode === "ipvs" && { strictARP: String(kubeProxy.strictARP) }),
        [restartIdKey]: configuration.restartId,
      },
      nodes,
      proofs: proof.resources,
    });
    const wayBack = new ConfigurationRestore(this, { step: restore, original, configuration });
    if (!ssh.worksAtDestroy) new DestroyGate(this, [record, wayBack]);
  }
}
