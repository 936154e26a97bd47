import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { TerraformStack } from "cdktf";
import { configHash } from "../pools/config-text";
import { imageRegistry } from "../release/images";
import type { NodeConfig } from "../../shared/schema/nodes";
import type { MetallbConfig } from "../schema/metallb";
import type { TerraformAddress } from "../../shared/constructs/plain-address";
import { ClusterRoles } from "./cluster-roles";
import { MetallbConfigMap } from "./config-map";
import { Controller } from "./controller";
import type { Memberlist } from "./memberlist";
import { PodSecurityPolicies } from "./pod-security-policies";
import { PoolSafety } from "./pool-safety";
import { Roles } from "./roles";
import { ServiceAccounts } from "./service-accounts";
import { Speaker } from "./speaker";

export interface ConfigMapProps {
  readonly nodes: readonly NodeConfig[];
  readonly metallb: MetallbConfig;
  /** Whether the cluster has PodSecurityPolicies: below Kubernetes 1.25. */
  readonly policed: boolean;
  /** Whether its API server fills in the host's ports of pods on its network: below Kubernetes 1.28. */
  readonly hostPorts: boolean;
  readonly namespace: NamespaceV1;
  readonly memberlist: Memberlist;
  /** Whether the controller may run on control-plane nodes. */
  readonly onControlPlane: boolean;
}

/** MetalLB 0.9 to 0.12, written out object by object. Gives what the rollout is to be proven for. */
export function configuredByConfigMap(stack: TerraformStack, props: ConfigMapProps): readonly TerraformAddress[] {
  const { nodes, metallb, policed, hostPorts, namespace, memberlist, onControlPlane } = props;
  const { version } = metallb;
  const memberlistPort = metallb.speaker.memberlist.bindPort;
  const policies = policed
    ? new PodSecurityPolicies(stack, "pod-security-policies", { version, memberlistPort }).resources
    : [];
  const accounts = new ServiceAccounts(stack, "service-accounts", { namespace });
  const clusterRoles = new ClusterRoles(stack, "cluster-roles", { version });
  const roles = new Roles(stack, "roles", { namespace, version });
  const safety = metallb.allowAddressLoss ? undefined : new PoolSafety(stack, { nodes, metallb });
  const config = new MetallbConfigMap(stack, "config", { namespace, metallb, precondition: safety?.precondition });
  const first = [
    ...policies,
    ...accounts.resources,
    ...clusterRoles.resources,
    ...roles.resources,
    ...memberlist.resources,
    config,
  ];
  const workload = {
    imageRegistry: imageRegistry(metallb),
    version,
    images: metallb.images,
    ...(metallb.allowAddressLoss && { restartOn: configHash(metallb) }),
    imagePullSecrets: metallb.imagePullSecrets,
    dependsOn: first,
  };
  return [
    ...first,
    new Speaker(stack, "speaker", {
      ...workload,
      settings: metallb.speaker,
      hostPorts,
      restartOnKey: memberlist.restartOn,
    }),
    new Controller(stack, "controller", { ...workload, settings: metallb.controller, onControlPlane }),
  ];
}
