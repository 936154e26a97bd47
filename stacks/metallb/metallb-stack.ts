import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../shared/control-plane";
import type { Manifest } from "./release/manifest";
import type { KubeProxyConfig } from "../kube-proxy/schema";
import type { KubernetesConfig } from "../shared/schema/kubernetes";
import type { NodeConfig } from "../shared/schema/nodes";
import type { SshConfig } from "../shared/schema/ssh";
import type { MetallbConfig } from "./schema/metallb";
import { fillsInHostPorts, hasPodSecurityAdmission, hasPodSecurityPolicy } from "../../values/kubernetes-version";
import { addBackend, BackendProps } from "../shared/constructs/backend";
import { addKubernetesProvider } from "../shared/constructs/kubernetes-access";
import { configuredByConfigMap } from "./constructs/configured-by-config-map";
import { configuredByCustomResources } from "./constructs/configured-by-custom-resources";
import { KubeProxyGate } from "./constructs/kube-proxy-gate";
import { Memberlist } from "./constructs/memberlist";
import { MetallbNamespace, sharedNamespace } from "./constructs/namespace";
import { RolloutProof } from "./constructs/rollout-proof";
import { SshAccess } from "../shared/constructs/ssh-access";
import { requireTerraform } from "../shared/constructs/terraform-version";

export interface MetallbStackProps extends BackendProps {
  readonly kubernetes: KubernetesConfig;
  readonly ssh: SshConfig;
  readonly nodes: readonly NodeConfig[];
  readonly kubeProxy: KubeProxyConfig;
  readonly metallb: MetallbConfig;
  /** Upstream's release manifest. @default none: MetalLB 0.9 */
  readonly manifest?: Manifest;
}

/** The last layer: MetalLB, and for MetalLB 0.9, in its ConfigMap, its address pools. */
export class MetallbStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: MetallbStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    const { kubernetes, metallb, manifest } = props;
    addKubernetesProvider(this, kubernetes.credentials);
    new NullProvider(this, "null");
    new RandomProvider(this, "random");

    new KubeProxyGate(this, { kubeProxy: props.kubeProxy, pools: metallb.pools });
    const policed = hasPodSecurityPolicy(kubernetes.version);
    const hostPorts = fillsInHostPorts(kubernetes.version);
    const namespace =
      manifest === undefined
        ? new MetallbNamespace(this, "namespace", { podSecurityLabels: hasPodSecurityAdmission(kubernetes.version) })
        : sharedNamespace(this);
    const memberlist = new Memberlist(this, "memberlist", { namespace });
    const rolledOut =
      manifest === undefined
        ? configuredByConfigMap(this, { nodes: props.nodes, metallb, policed, hostPorts, namespace, memberlist })
        : configuredByCustomResources(this, { metallb, manifest, hostPorts, namespace, memberlist });
    new RolloutProof(this, "rollout", {
      script: manifest === undefined ? "metallb/prove-config-map" : "metallb/prove-custom-resources",
      ssh: new SshAccess(this, props.ssh),
      controlPlane: firstControlPlane(props.nodes),
      kubernetes,
      timeout: metallb.rolloutTimeout,
      of: rolledOut,
    });
  }
}
