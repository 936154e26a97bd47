import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { DataResource, TerraformLocal, TerraformStack } from "cdktf";
import { keptOriginal } from "../addresses";
import type { ManagedConfig } from "../schema";
import { originalModes, proxyModes } from "../modes";
import { isOneOf, originalSettings, restoreText, settingsJson } from "./expressions";
import type { LiveConfiguration } from "./live-configuration";
import { originalConfigMap } from "../names";

/**
 * What mode, strictARP and scheduler were before this project, kept twice: in the state, so that a ConfigMap deleted by
 * hand comes back with the same values; and in the cluster, where a person finds them without Terraform, where the
 * restore step reads them, and where they outlive a lost state. A further key that is declared (excludeCIDRs, a timeout)
 * is kept in the cluster from that deploy on, also after it is no longer declared.
 */
export class OriginalSettings {
  /** The ConfigMap, with `settings.json` (a merge patch) and `config.conf` (the live text with those values). */
  readonly configMap: ConfigMapV1;
  /** Expression: the original mode; iptables where none was set, which is what kube-proxy then runs. */
  readonly mode: string;

  constructor(stack: TerraformStack, live: Pick<LiveConfiguration, "current">, declared: ManagedConfig) {
    // Read first: after a lost state the live settings are this project's own, and no longer the original ones.
    const kept = new DataKubernetesConfigMapV1(stack, "kept-original", { metadata: originalConfigMap });
    const keptJson = `data.kubernetes_config_map_v1.${kept.friendlyUniqueId}.data["settings.json"]`;
    const settings = new DataResource(stack, "original-settings", {
      input: {
        json: `\${try(${keptJson}, ${settingsJson(live.current)})}`,
      },
      lifecycle: {
        ignoreChanges: ["input"],
        // It comes from the cluster, whoever wrote it there, and goes into scripts and back into config.conf.
        postcondition: [
          {
            condition: `\${${isOneOf("jsondecode(self.input.json).mode", originalModes)}}`,
            errorMessage: `kube-proxy's mode before this project is to be one that kube-proxy has (${proxyModes.join(", ")}, userspace, or empty for iptables), and is \${try(jsonencode(jsondecode(self.input.json).mode), self.input.json)}: mend mode in config.conf with 'kubectl -n kube-system edit configmap kube-proxy'; or, where ConfigMap kube-system/${originalConfigMap.name} was there before the first deploy, mode in its settings.json. Nothing was changed.`,
          },
        ],
      },
    });
    const original = `jsondecode(terraform_data.${settings.friendlyUniqueId}.output.json)`;
    const sources = { current: live.current, kept: `jsondecode(${keptJson})`, original };
    const all = new TerraformLocal(stack, "restored", `\${${originalSettings(sources, declared)}}`);
    const restored = `local.${all.friendlyUniqueId}`;
    this.mode = `\${coalesce(${original}.mode, "iptables")}`;
    this.configMap = new ConfigMapV1(stack, keptOriginal.id, {
      metadata: {
        ...originalConfigMap,
        annotations: {
          "baremetal-lb/purpose":
            "kube-proxy's settings before baremetal-lb: settings.json has the values, config.conf the whole text to go back to",
        },
      },
      data: {
        "settings.json": `\${jsonencode(${restored})}`,
        "config.conf": `\${${restoreText(live.current, restored)}}`,
      },
    });
  }
}
