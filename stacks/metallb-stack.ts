import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../config/control-plane";
import type { Manifest } from "../config/metallb/manifest";
import type { ClusterConfig } from "../config/schema/cluster";
import { hasPodSecurityPolicy } from "../config/versions";
import { addBackend, BackendProps } from "../constructs/backend";
import { addKubernetesProvider } from "../constructs/kubernetes-access";
import { configuredByConfigMap } from "../constructs/metallb/configured-by-config-map";
import { configuredByCustomResources } from "../constructs/metallb/configured-by-custom-resources";
import { KubeProxyGate } from "../constructs/metallb/kube-proxy-gate";
import { Memberlist } from "../constructs/metallb/memberlist";
import { MetallbNamespace, sharedNamespace } from "../constructs/metallb/namespace";
import { Rollout } from "../constructs/metallb/rollout";
import { SshAccess } from "../constructs/ssh-access";
import { requireTerraform } from "../constructs/terraform-version";

export type MetallbStackProps = BackendProps &
  Pick<ClusterConfig, "kubernetes" | "ssh" | "nodes" | "kubeProxy" | "metallb"> & {
    /** Upstream's release manifest, for MetalLB 0.13 and later. */
    readonly manifest?: Manifest;
  };

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
    const namespace =
      manifest === undefined
        ? new MetallbNamespace(this, "namespace", { podSecurityAdmission: !policed })
        : sharedNamespace(this, { podSecurityAdmission: !policed });
    const memberlist = new Memberlist(this, "memberlist", { namespace });
    const rolledOut =
      manifest === undefined
        ? configuredByConfigMap(this, { metallb, policed, namespace, memberlist })
        : configuredByCustomResources(this, { metallb, manifest, namespace, memberlist });
    new Rollout(this, "rollout", {
      script: manifest === undefined ? "roll-out-metallb" : "roll-out-metallb-crds",
      ssh: new SshAccess(this, props.ssh),
      controlPlane: firstControlPlane(props.nodes),
      kubernetes,
      timeout: metallb.rolloutTimeout,
      of: rolledOut,
    });
  }
}
