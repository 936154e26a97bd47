import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import { namespaceName } from "../release/component";
import { type ConfigTextProps, configText } from "../pools/config-text";
import { literal } from "../../shared/terraform-text";

export interface MetallbConfigMapProps {
  /** The namespace, which must exist first. */
  readonly namespace: NamespaceV1;
  /** The pools, peers and communities. */
  readonly metallb: ConfigTextProps;
  /** What every plan checks before the pools are written. @default nothing */
  readonly precondition?: TerraformResourceLifecycle["precondition"];
}

/** The name of the ConfigMap, which both programs get as `--config`. */
export const configMapName = "config";

/**
 * The address pools and BGP peers, in the ConfigMap that MetalLB up to 0.12 reads. Both programs watch it: a change
 * is in force within seconds and restarts nothing.
 */
export class MetallbConfigMap extends ConfigMapV1 {
  constructor(scope: Construct, id: string, props: MetallbConfigMapProps) {
    super(scope, id, {
      metadata: { name: configMapName, namespace: namespaceName },
      // The key is `config` whatever the ConfigMap is called; upstream: internal/k8s/k8s.go.
      // Terraform would evaluate `${…}` and `%{…}`, which a community's name may contain.
      data: { config: literal(configText(props.metallb)) },
      ...(props.precondition && { lifecycle: { precondition: props.precondition } }),
      dependsOn: [props.namespace],
    });
  }
}
