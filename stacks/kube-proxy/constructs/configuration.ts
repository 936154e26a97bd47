import { Annotations } from "@cdktf/provider-kubernetes/lib/annotations";
import { ConfigMapV1Data } from "@cdktf/provider-kubernetes/lib/config-map-v1-data";
import { Id } from "@cdktf/provider-random/lib/id";
import { ITerraformDependable, TerraformStack } from "cdktf";
import { plainAddress } from "../../shared/constructs/plain-address";
import { configuration, restartId } from "../addresses";
import { declaredSettings } from "../settings";
import type { ManagedConfig } from "../schema";
import type { LiveConfiguration } from "./live-configuration";
import { fieldManagers, kubeProxy, restartAnnotation } from "../names";

export interface ConfigurationProps {
  readonly live: LiveConfiguration;
  readonly declared: ManagedConfig;
  /** What must stand before kube-proxy is touched. */
  readonly after: ITerraformDependable[];
}

/** Writes `config.conf` and restarts kube-proxy, pod by pod, whenever it was written. */
export class Configuration {
  readonly data: ConfigMapV1Data;
  readonly restart: Annotations;
  /** Expression: changes with every restart. */
  readonly restartId: string;

  constructor(stack: TerraformStack, { live, declared, after }: ConfigurationProps) {
    this.data = new ConfigMapV1Data(stack, configuration.id, {
      metadata: kubeProxy,
      data: { "config.conf": `\${${live.declared}}` },
      fieldManager: fieldManagers.configuration,
      // kubeadm or kubectl owns the key until now.
      force: true,
      dependsOn: after,
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
    this.restart = new Annotations(stack, "restart", {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      metadata: kubeProxy,
      templateAnnotations: { [restartAnnotation]: id.hex },
      fieldManager: fieldManagers.restart,
      force: true,
      dependsOn: [this.data],
    });
  }
}
