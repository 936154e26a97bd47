import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { firstControlPlane } from "../config/control-plane";
import { configHash } from "../config/metallb/config-text";
import { imageRegistry } from "../config/metallb/image-registry";
import type { ClusterConfig } from "../config/schema/cluster";
import { hasPodSecurityPolicy } from "../config/versions";
import { addBackend, BackendProps } from "../constructs/backend";
import { addKubernetesProvider } from "../constructs/kubernetes-access";
import { ClusterRoles } from "../constructs/metallb/cluster-roles";
import { MetallbConfigMap } from "../constructs/metallb/config-map";
import { Controller } from "../constructs/metallb/controller";
import { KubeProxyGate } from "../constructs/metallb/kube-proxy-gate";
import { Memberlist } from "../constructs/metallb/memberlist";
import { MetallbNamespace } from "../constructs/metallb/namespace";
import { PodSecurityPolicies } from "../constructs/metallb/pod-security-policies";
import { PoolSafety } from "../constructs/metallb/pool-safety";
import { Roles } from "../constructs/metallb/roles";
import { Rollout } from "../constructs/metallb/rollout";
import { ServiceAccounts } from "../constructs/metallb/service-accounts";
import { Speaker } from "../constructs/metallb/speaker";
import { SshAccess } from "../constructs/ssh-access";
import { requireTerraform } from "../constructs/terraform-version";

export type MetallbStackProps = BackendProps & Pick<ClusterConfig, "kubernetes" | "ssh" | "nodes" | "metallb">;

/** Layer 3: MetalLB 0.9 and, in its ConfigMap, its address pools. */
export class MetallbStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: MetallbStackProps) {
    super(scope, id);
    requireTerraform(this);
    addBackend(this, props);
    const { kubernetes, metallb } = props;
    addKubernetesProvider(this, kubernetes.credentials);
    new NullProvider(this, "null");
    new RandomProvider(this, "random");

    new KubeProxyGate(this, metallb.pools);
    const policed = hasPodSecurityPolicy(kubernetes.version);
    const namespace = new MetallbNamespace(this, "namespace", { podSecurityAdmission: !policed });
    const policies = policed ? new PodSecurityPolicies(this, "pod-security-policies").resources : [];
    const accounts = new ServiceAccounts(this, "service-accounts", { namespace });
    const clusterRoles = new ClusterRoles(this, "cluster-roles");
    const roles = new Roles(this, "roles", { namespace });
    const memberlist = new Memberlist(this, "memberlist", { namespace });
    const safety = metallb.allowAddressLoss ? undefined : new PoolSafety(this, metallb.pools);
    const config = new MetallbConfigMap(this, "config", { namespace, metallb, precondition: safety?.precondition });

    const workload = {
      imageRegistry: imageRegistry(metallb),
      version: metallb.version,
      ...(metallb.allowAddressLoss && { restartOn: configHash(metallb) }),
      dependsOn: [
        ...policies,
        ...accounts.resources,
        ...clusterRoles.resources,
        ...roles.resources,
        ...memberlist.resources,
        config,
      ],
    };
    const speaker = new Speaker(this, "speaker", workload);
    const controller = new Controller(this, "controller", workload);
    new Rollout(this, "rollout", {
      ssh: new SshAccess(this, props.ssh),
      controlPlane: firstControlPlane(props.nodes),
      kubernetes,
      timeout: metallb.rolloutTimeout,
      of: [config, speaker, controller],
    });
  }
}
