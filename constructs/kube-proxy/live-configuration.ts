import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { TerraformLocal, TerraformStack } from "cdktf";
import type { KubernetesCredentials, KubeProxyConfig } from "../../config/schema/cluster";
import { literal } from "../../config/terraform-text";
import { declaredText } from "./expressions";
import { kubeProxy } from "./names";

const elsewhere =
  "k3s and RKE2 set kube-proxy by arguments of their own, Cilium may replace it, and some managed clusters hide it";

export interface LiveConfigurationProps {
  readonly credentials: KubernetesCredentials;
  readonly declared: KubeProxyConfig;
}

/**
 * kube-proxy's configuration as the cluster has it, and the text that it is to have: the same with mode, strictARP and
 * scheduler as declared, and every other key as found.
 */
export class LiveConfiguration {
  /** Expression: the parsed live text. */
  readonly current = "local.current";
  /** Expression: the text to write. */
  readonly declared = "local.declared";

  constructor(stack: TerraformStack, { credentials, declared }: LiveConfigurationProps) {
    const live = new DataKubernetesConfigMapV1(stack, "live", {
      metadata: kubeProxy,
      lifecycle: {
        precondition: kubeconfigExists(stack, credentials),
        postcondition: [
          {
            condition: "${self.data != null}",
            errorMessage: `ConfigMap kube-system/kube-proxy does not exist: this cluster's kube-proxy was not set up by kubeadm (${elsewhere}). Nothing was changed.`,
          },
          {
            condition: '${self.data == null || try(self.data["config.conf"], null) != null}',
            errorMessage:
              "ConfigMap kube-system/kube-proxy has no key config.conf: this cluster's kube-proxy takes its settings from elsewhere. Nothing was changed.",
          },
          {
            condition:
              '${try(self.data["config.conf"], null) == null || try(yamldecode(self.data["config.conf"]).kind, "") == "KubeProxyConfiguration"}',
            errorMessage:
              "Key config.conf of ConfigMap kube-system/kube-proxy is no KubeProxyConfiguration in YAML: mend it with 'kubectl -n kube-system edit configmap kube-proxy'. Nothing was changed.",
          },
        ],
      },
    });
    const text = `data.kubernetes_config_map_v1.${live.friendlyUniqueId}.data["config.conf"]`;
    new TerraformLocal(stack, "current", `\${yamldecode(${text})}`);
    new TerraformLocal(stack, "declared", `\${${declaredText(text, this.current, declared)}}`);
  }
}

/** The provider takes a missing kubeconfig for a warning, and then asks localhost. */
function kubeconfigExists(stack: TerraformStack, credentials: KubernetesCredentials) {
  if (credentials.source !== "kubeconfig") return undefined;
  // A local, since a condition must refer to something.
  const path = new TerraformLocal(stack, "kubeconfig", literal(credentials.path));
  return [
    {
      condition: `\${fileexists(local.${path.friendlyUniqueId})}`,
      errorMessage: `The kubeconfig ${credentials.path} does not exist: set kubernetes.kubeconfig in cluster.yaml.`,
    },
  ];
}
