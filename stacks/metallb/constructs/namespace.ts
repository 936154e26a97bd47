import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { TerraformLocal, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { appLabels, namespaceName, namespaceOwner } from "../release/component";
import { quoted } from "../../shared/terraform-text";

export interface MetallbNamespaceProps {
  /**
   * Whether the cluster judges pods by Pod Security admission alone: true from Kubernetes 1.25 on. The speaker uses
   * the host's network and raw sockets, which only the level `privileged` lets in.
   */
  readonly podSecurityAdmission: boolean;
  /** Beside those of Pod Security, such as the one that names the owning stack. @default none */
  readonly annotations?: Readonly<Record<string, string>>;
}

const privileged = {
  "pod-security.kubernetes.io/enforce": "privileged",
  "pod-security.kubernetes.io/audit": "privileged",
  "pod-security.kubernetes.io/warn": "privileged",
} as const;

/** The namespace metallb-system; upstream: manifests/namespace.yaml. */
export class MetallbNamespace extends NamespaceV1 {
  constructor(scope: Construct, id: string, { podSecurityAdmission, annotations }: MetallbNamespaceProps) {
    super(scope, id, {
      metadata: {
        name: namespaceName,
        labels: { ...appLabels, ...(podSecurityAdmission ? privileged : {}) },
        ...(annotations && { annotations: { ...annotations } }),
      },
    });
  }
}

/** Which stack has it is written on it; `original` has it where MetalLB 0.9 is, or was before it was upgraded. */
const { annotation: ownerAnnotation, original } = namespaceOwner;

/** The stack that makes the namespace on a cluster that has none. */
const first = "metallb-crds";

/**
 * The namespace for MetalLB 0.13 and later, in one of two stacks: the cluster says which. The address pools need it
 * before MetalLB, so on a new cluster the stack in front of theirs makes it. A cluster that had MetalLB 0.9 has it in
 * the state of the stack metallb, whose plan must not let it go: with it would go all that is in it.
 */
export function sharedNamespace(stack: TerraformStack, props: MetallbNamespaceProps): MetallbNamespace {
  const id = stack.node.id;
  const found = new DataKubernetesResources(stack, "namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    // A list, since one object that does not exist would be an error.
    fieldSelector: `metadata.name=${namespaceName}`,
  });
  const objects = `data.kubernetes_resources.${found.friendlyUniqueId}.objects`;
  const named = `${objects}[0].metadata.annotations[${quoted(ownerAnnotation)}]`;
  const owner = new TerraformLocal(
    stack,
    "namespace-owner",
    `\${length(${objects}) == 0 ? ${quoted(first)} : try(${named}, ${quoted(original)})}`,
  );
  const annotations = id === original ? undefined : { [ownerAnnotation]: id };
  const namespace = new MetallbNamespace(stack, "namespace", { ...props, annotations });
  // One or none: Terraform takes the address without a number, which MetalLB 0.9's has, for the first.
  namespace.addOverride("count", `\${local.${owner.friendlyUniqueId} == ${quoted(id)} ? 1 : 0}`);
  return namespace;
}
