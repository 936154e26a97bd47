import { DataKubernetesConfigMapV1 } from "@cdktf/provider-kubernetes/lib/data-kubernetes-config-map-v1";
import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import type { TerraformStack } from "cdktf";
import type { KubeProxyConfig } from "../../kube-proxy/schema";
import { type AnnouncedPool, isAnnouncedBy } from "../pools/protocols";
import type { PoolConfig } from "../schema/pools";
import { deployFirst } from "../../shared/deploy-first";
import { literal } from "../../shared/terraform-text";
import { kubeProxy, proofConfigMap, restartAnnotation, restartIdKey } from "../../kube-proxy/names";

export interface KubeProxyGateProps {
  readonly kubeProxy: KubeProxyConfig;
  readonly pools: readonly (Pick<PoolConfig, "name" | "protocol"> & AnnouncedPool)[];
}

const remedy = deployFirst("kube-proxy");

const provenUnmanaged = {
  condition: '${try(self.data["mode"], "") == "unmanaged"}',
  errorMessage: `The nodes have not proven that MetalLB can work with the kube-proxy that is there (kubeProxy: unmanaged): ${remedy}. Nothing was changed.`,
};

/**
 * Refuses a cluster in which the stack kube-proxy has not proven what MetalLB needs: that the rollout which runs was
 * proven on every node and, for layer2 pools in IPVS mode, with strictARP. Without strictARP every node answers for every
 * address in that mode; in the others there is no such thing.
 *
 * Every plan checks it, but not that of a destroy, for which Terraform leaves conditions out; and neither data source
 * fails where its object does not exist. So MetalLB can be destroyed after kube-proxy.
 */
export class KubeProxyGate {
  constructor(stack: TerraformStack, { kubeProxy: declared, pools }: KubeProxyGateProps) {
    const record = new DataKubernetesConfigMapV1(stack, "kube-proxy-proof", {
      metadata: proofConfigMap,
      ...(declared.mode === "unmanaged" && { lifecycle: { postcondition: [provenUnmanaged] } }),
    });
    // Whoever keeps it may restart it at any time: there is no rollout to compare with.
    if (declared.mode === "unmanaged") return;
    const proven = (key: string): string =>
      `data.kubernetes_config_map_v1.${record.friendlyUniqueId}.data[${JSON.stringify(key)}]`;
    const running = `self.objects[0].spec.template.metadata.annotations[${JSON.stringify(restartAnnotation)}]`;
    const layer2 = pools.filter((pool) => isAnnouncedBy(pool, "layer2")).map(({ name }) => name);
    new DataKubernetesResources(stack, "kube-proxy", {
      apiVersion: "apps/v1",
      kind: "DaemonSet",
      namespace: kubeProxy.namespace,
      // A list, since one object that does not exist would be an error, at destroy too.
      fieldSelector: `metadata.name=${kubeProxy.name}`,
      lifecycle: {
        postcondition: [
          {
            condition: `\${try(${proven(restartIdKey)} == ${running}, false)}`,
            errorMessage: `kube-proxy has not proven ${layer2.length > 0 && declared.mode === "ipvs" ? "strictARP" : "its mode"} in this cluster: ${remedy}. Nothing was changed.`,
          },
          ...(layer2.length > 0
            ? [
                {
                  // Where nothing was proven the condition above has said so.
                  condition: `\${try(${proven("strictARP")} != "false", true)}`,
                  errorMessage: `kube-proxy runs without strictARP, so that every node would answer for the addresses of ${literal(layer2.join(", "))} (layer2): set kubeProxy.strictARP: true in cluster.yaml, then ${remedy}. Nothing was changed.`,
                },
              ]
            : []),
        ],
      },
    });
  }
}
