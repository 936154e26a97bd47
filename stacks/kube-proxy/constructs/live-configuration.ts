import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { TerraformLocal, TerraformStack } from "cdktf";
import type { KubernetesConfig, KubernetesCredentials } from "../../shared/schema/kubernetes";
import type { ManagedConfig } from "../schema";
import { standingOf } from "../modes";
import { literal } from "../../shared/terraform-text";
import { ClusterKind } from "./cluster-kind";
import { declaredText, linesReadOtherwise, oneDocument } from "./expressions";
import { kubeProxy } from "../names";

export interface LiveConfigurationProps {
  readonly kubernetes: Pick<KubernetesConfig, "credentials" | "version">;
  readonly declared: ManagedConfig;
}

/**
 * kube-proxy's configuration as the cluster has it, and the text that it is to have: the same with what cluster.yaml
 * declares, and every other key as found.
 */
export class LiveConfiguration {
  /** Expression: the parsed live text. */
  readonly current = "local.current";
  /** Expression: the text to write. */
  readonly declared = "local.declared";
  /** What is to hold before it is written. */
  readonly keptExactly: { readonly condition: string; readonly errorMessage: string };

  constructor(stack: TerraformStack, { kubernetes, declared }: LiveConfigurationProps) {
    const { advice, isK0s } = new ClusterKind(stack, declared);
    const live = new DataKubernetesConfigMapV1(stack, "live", {
      metadata: kubeProxy,
      lifecycle: {
        precondition: kubeconfigExists(stack, kubernetes.credentials),
        postcondition: [
          {
            condition: "${self.data != null}",
            errorMessage: `ConfigMap kube-system/kube-proxy does not exist: \${${advice}} Nothing was changed.`,
          },
          {
            condition: '${self.data == null || try(self.data["config.conf"], null) != null}',
            errorMessage: `ConfigMap kube-system/kube-proxy has no key config.conf: \${${advice}} Nothing was changed.`,
          },
          {
            condition: `\${try(self.data["config.conf"], null) == null || try(yamldecode(${ownText}).kind, "") == "KubeProxyConfiguration"}`,
            errorMessage:
              "Key config.conf of ConfigMap kube-system/kube-proxy is no KubeProxyConfiguration in one document of YAML (a tab, and a second document, are none): mend it with 'kubectl -n kube-system edit configmap kube-proxy'. Nothing was changed.",
          },
          {
            condition: `\${!${isK0s}}`,
            errorMessage: `ConfigMap kube-system/kube-proxy is k0s's, which writes it itself: \${${advice}} Nothing was changed.`,
          },
          ...(standingOf(declared.mode, kubernetes.version) === "offByDefault"
            ? [ipvsEnabled(kubernetes.version)]
            : []),
        ],
      },
    });
    new DataKubernetesResources(stack, "daemon-set", {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      namespace: kubeProxy.namespace,
      // A list, since one object that does not exist would be an error without advice.
      fieldSelector: `metadata.name=${kubeProxy.name}`,
      // After the ConfigMap: one error is enough.
      dependsOn: [live],
      lifecycle: {
        postcondition: [
          {
            condition: "${length(self.objects) > 0}",
            errorMessage: `DaemonSet kube-system/kube-proxy does not exist: \${${advice}} Nothing was changed.`,
          },
        ],
      },
    });
    const text = `data.kubernetes_config_map_v1.${live.friendlyUniqueId}.data["config.conf"]`;
    const otherwise = linesReadOtherwise(text);
    this.keptExactly = {
      condition: `\${${this.declared} == ${text} || length(${otherwise}) == 0}`,
      errorMessage: `config.conf of ConfigMap kube-system/kube-proxy has values that Terraform reads otherwise than kube-proxy does: \${join("; ", ${otherwise})}. Write numbers in plain decimal digits (0100000, which is octal, as 32768; 131_072 as 131072), dates in quotes, and no tags such as !!int, with 'kubectl -n kube-system edit configmap kube-proxy'. Nothing was changed.`,
    };
    new TerraformLocal(stack, "current", `\${yamldecode(${oneDocument(text)})}`);
    new TerraformLocal(stack, "declared", `\${${declaredText(text, this.current, declared)}}`);
  }
}

const ownText = oneDocument('self.data["config.conf"]');

/** kube-proxy would refuse to start. */
const ipvsEnabled = (version: string) => ({
  condition: `\${try(self.data["config.conf"], null) == null || try(yamldecode(${ownText}).featureGates.KubeProxyIPVS, false) == true}`,
  errorMessage: `kube-proxy of Kubernetes ${version} starts in IPVS mode only with its feature gate: set featureGates: {KubeProxyIPVS: true} in config.conf with 'kubectl -n kube-system edit configmap kube-proxy', or kubeProxy.mode: nftables in cluster.yaml. Nothing was changed.`,
});

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
