import { NullProvider } from "@cdktf/provider-null/lib/provider";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { allPools } from "./resources/as-sections";
import { firstControlPlane, isControlPlaneOnly } from "../shared/control-plane";
import type { Manifest } from "./release/manifest-objects";
import type { KubeProxyConfig } from "../kube-proxy/schema";
import type { KubernetesConfig } from "../shared/schema/kubernetes";
import type { NodeConfig } from "../shared/schema/nodes";
import type { SshConfig } from "../shared/schema/ssh";
import type { MetallbConfig } from "./schema/metallb";
import { usesCustomResources } from "./release/releases";
import { fillsInHostPorts, hasPodSecurityAdmission, hasPodSecurityPolicy } from "../../values/kubernetes-version";
import { addBackend, BackendProps } from "../shared/constructs/backend";
import { addKubernetesProvider } from "../shared/constructs/kubernetes-access";
import { configuredByConfigMap } from "./constructs/configured-by-config-map";
import { configuredByCustomResources } from "./constructs/configured-by-custom-resources";
import { KubeProxyGate } from "./constructs/kube-proxy-gate";
import { Memberlist } from "./constructs/memberlist";
import { MetallbNamespace, sharedNamespace } from "./constructs/namespace";
import { OtherMetallbGate } from "./constructs/other-metallb-gate";
import { RolloutProof } from "./constructs/rollout-proof";
import { SpeakerRestart } from "./constructs/speaker-restart";
import { SshAccess } from "../shared/constructs/ssh-access";
import { oldestTerraform, oldestWriteOnlyTerraform } from "../shared/terraform-versions";
import { requireTerraform } from "../shared/constructs/terraform-version";

/** What the stack `metallb` is made of: a configuration, and for MetalLB 0.13 and later the manifest. */
export interface MetallbStackProps extends BackendProps {
  /** The cluster's version, networks, and how Terraform reaches its API. */
  readonly kubernetes: KubernetesConfig;
  /** How the first node of the control plane, where the rollout is proven, is reached. */
  readonly ssh: SshConfig;
  /** Every node of the cluster; the first one of the control plane is where the rollout is proven. */
  readonly nodes: readonly NodeConfig[];
  /** What the stack kube-proxy must have proven before MetalLB is planned. */
  readonly kubeProxy: KubeProxyConfig;
  /** The version, and for MetalLB 0.9 to 0.12 what its ConfigMap says. */
  readonly metallb: MetallbConfig;
  /** Upstream's release manifest. @default none: MetalLB 0.9 to 0.12 */
  readonly manifest?: Manifest;
}

/**
 * The last layer: MetalLB, and for MetalLB 0.9 to 0.12, in its ConfigMap, its address pools.
 * @example
 * new MetallbStack(app, "metallb", { ...config, manifest })
 */
export class MetallbStack extends TerraformStack {
  constructor(scope: Construct, id: string, props: MetallbStackProps) {
    super(scope, id);
    const { kubernetes, metallb, manifest } = props;
    requireTerraform(this, metallb.memberlistKey === "writeOnly" ? oldestWriteOnlyTerraform : oldestTerraform);
    addBackend(this, props);
    addKubernetesProvider(this, kubernetes.credentials);
    new NullProvider(this, "null");
    new RandomProvider(this, "random");

    new OtherMetallbGate(this);
    new KubeProxyGate(this, { kubeProxy: props.kubeProxy, pools: allPools(metallb) });
    const policed = hasPodSecurityPolicy(kubernetes.version);
    const hostPorts = fillsInHostPorts(kubernetes.version);
    const namespace =
      manifest === undefined
        ? new MetallbNamespace(this, "namespace", { podSecurityLabels: hasPodSecurityAdmission(kubernetes.version) })
        : sharedNamespace(this);
    const memberlist = new Memberlist(this, "memberlist", { namespace, memberlistKey: metallb.memberlistKey });
    // Upstream's controller, of any version, does not tolerate their taint: it would wait for a node for ever.
    const onControlPlane = isControlPlaneOnly(props.nodes);
    const workloads = { nodes: props.nodes, metallb, hostPorts, namespace, memberlist, onControlPlane };
    const ssh = new SshAccess(this, props.ssh);
    const controlPlane = firstControlPlane(props.nodes);
    const proof = { ssh, controlPlane, kubernetes, timeout: metallb.rolloutTimeout };
    const rolledOut =
      manifest === undefined
        ? configuredByConfigMap(this, { ...workloads, policed })
        : configuredByCustomResources(this, { ...workloads, manifest, proof });
    const { restartOn } = memberlist;
    const restart =
      restartOn && new SpeakerRestart(this, { ssh, controlPlane, kubernetes, restartOn, after: rolledOut });
    new RolloutProof(this, "rollout", {
      ...proof,
      script: proofScript(metallb),
      of: rolledOut,
      after: restart ? [restart] : [],
    });
  }
}

/** What proves the rollout. */
const proofScript = ({ version, bgpType }: MetallbConfig) => {
  if (!usesCustomResources(version)) return "metallb/prove-config-map";
  return bgpType === "frr-k8s" ? "metallb/prove-frr-k8s" : "metallb/prove-custom-resources";
};
