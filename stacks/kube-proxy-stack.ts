import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../config/control-plane";
import type { ClusterConfig } from "../config/schema/cluster";
import { addBackend, BackendProps } from "../constructs/backend";
import { Configuration } from "../constructs/kube-proxy/configuration";
import { LiveConfiguration } from "../constructs/kube-proxy/live-configuration";
import { ModuleGate } from "../constructs/kube-proxy/module-gate";
import { NodeCleanup } from "../constructs/kube-proxy/node-cleanup";
import { OriginalSettings } from "../constructs/kube-proxy/original-settings";
import { Proof } from "../constructs/kube-proxy/proof";
import { ProofRecord } from "../constructs/kube-proxy/proof-record";
import { Restore } from "../constructs/kube-proxy/restore";
import { UnmanagedProxy } from "../constructs/kube-proxy/unmanaged-proxy";
import { addKubernetesProvider } from "../constructs/kubernetes-access";
import { SshAccess } from "../constructs/ssh-access";
import { requireTerraform } from "../constructs/terraform-version";

export type KubeProxyStackProps = BackendProps & Pick<ClusterConfig, "kubernetes" | "ssh" | "nodes" | "kubeProxy">;

/** Layer 2: kube-proxy in the declared mode, and the way back to what it was; or a proof, where it is not managed. */
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
    const gates = new ModuleGate(this, { ssh, nodes, kubeProxy }).resources;
    const cleanup = new NodeCleanup(this, { ssh, nodes, mode: kubeProxy.mode, gates, originalMode: original.mode });
    const after = [original.configMap, ...gates.values(), ...cleanup.resources];
    const configuration = new Configuration(this, { live, declared: kubeProxy, after });
    const proof = new Proof(this, { ssh, nodes, controlPlane, kubernetes, kubeProxy, configuration });
    new ProofRecord(this, { kubeProxy, configuration, proof });
    new Restore(this, { ssh, controlPlane, kubernetes, original, configuration });
  }
}
