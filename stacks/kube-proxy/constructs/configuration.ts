import { Annotations } from "@cdktf/provider-kubernetes/lib/annotations";
import { ConfigMapV1Data } from "@cdktf/provider-kubernetes/lib/config-map-v1-data";
import { Resource } from "@cdktf/provider-null/lib/resource";
import { Id } from "@cdktf/provider-random/lib/id";
import { ITerraformDependable, TerraformStack } from "cdktf";
import { plainAddress } from "../../shared/constructs/plain-address";
import { configuration, restartId } from "../addresses";
import { declaredSettings } from "../settings";
import type { KubernetesConfig } from "../../shared/schema/kubernetes";
import type { NodeConfig } from "../../shared/schema/nodes";
import { RemoteScript } from "../../shared/constructs/remote-script";
import type { SshAccess } from "../../shared/constructs/ssh-access";
import type { ConfigurationRestoreStep } from "./configuration-restore";
import type { ManagedConfig } from "../schema";
import type { LiveConfiguration } from "./live-configuration";
import { fieldManagers, kubeProxy, restartAnnotation } from "../names";

export interface ConfigurationProps {
  readonly live: LiveConfiguration;
  readonly declared: ManagedConfig;
  /** What must stand before kube-proxy is touched. */
  readonly after: ITerraformDependable[];
  /** Puts the original settings back before Terraform takes its own away, also where a deploy ended halfway. */
  readonly restore: ConfigurationRestoreStep;
  readonly ssh: SshAccess;
  readonly controlPlane: NodeConfig;
  readonly kubernetes: Pick<KubernetesConfig, "nodeKubeconfig">;
}

/** Writes `config.conf`, and marks the pods' template for a restart whenever it was written; Proof replaces the pods. */
export class Configuration {
  readonly data: ConfigMapV1Data;
  /** Keeps the DaemonSet's controller from rolling by itself once the annotation changes. */
  readonly hold: Resource;
  readonly restart: Annotations;
  /** Expression: changes with every restart. */
  readonly restartId: string;

  constructor(stack: TerraformStack, props: ConfigurationProps) {
    const { live, declared, after, restore, ssh, controlPlane, kubernetes } = props;
    this.data = new ConfigMapV1Data(stack, configuration.id, {
      metadata: kubeProxy,
      data: { "config.conf": `\${${live.declared}}` },
      fieldManager: fieldManagers.configuration,
      // kubeadm or kubectl owns the key until now.
      force: true,
      dependsOn: after,
      lifecycle: { precondition: [live.keptExactly] },
      provisioners: [restore],
    });
    // A new id for other settings, and whenever the ConfigMap is written. Not for another text with the same settings:
    // `kubeadm upgrade` may have written it, or a person who changed another key.
    const { mode, ipvs } = declaredSettings(declared);
    const id = new Id(stack, restartId.id, {
      byteLength: 8,
      keepers: Object.fromEntries(Object.entries({ mode, ...ipvs }).map(([key, value]) => [key, String(value)])),
      lifecycle: { replaceTriggeredBy: [plainAddress(this.data)] },
    });
    this.restartId = id.hex;
    const hold = new RemoteScript(stack, ssh, "kube-proxy/hold-rollout", {
      KUBECONFIG_FILE: kubernetes.nodeKubeconfig,
    });
    this.hold = new Resource(stack, "rollout-hold", {
      triggers: { restart_id: id.hex },
      provisioners: [hold.onCreate(controlPlane)],
      dependsOn: [this.data],
    });
    this.restart = new Annotations(stack, "restart", {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: kubeProxy,
      templateAnnotations: { [restartAnnotation]: id.hex },
      fieldManager: fieldManagers.restart,
      force: true,
      dependsOn: [this.data, this.hold],
    });
  }
}
