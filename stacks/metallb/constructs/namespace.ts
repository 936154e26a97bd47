import { DataKubernetesResources } from "@cdktf/provider-kubernetes/lib/data-kubernetes-resources";
import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { DataResource, type LocalExecProvisioner, TerraformLocal, type TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { appLabels, namespaceName, namespaceOwner } from "../release/component";
import { quoted } from "../../shared/terraform-text";

export interface MetallbNamespaceProps {
  /**
   * Whether it has the labels of Pod Security admission. The speaker uses the host's network and raw sockets, which only
   * the level `privileged` lets in. Upstream has them from 0.13 on, whatever the cluster; those before get them where they
   * mean something, from Kubernetes 1.23 on, though upstream's has policies only.
   */
  readonly podSecurityLabels: boolean;
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
  constructor(scope: Construct, id: string, { podSecurityLabels, annotations }: MetallbNamespaceProps) {
    super(scope, id, {
      metadata: {
        name: namespaceName,
        labels: { ...appLabels, ...(podSecurityLabels ? privileged : {}) },
        ...(annotations && { annotations: { ...annotations } }),
      },
    });
  }
}

/** Which stack made it is written on it; `original` has it where MetalLB up to 0.12 is, or was before it was upgraded. */
const { annotation: ownerAnnotation, original } = namespaceOwner;

/** The stack that makes the namespace on a cluster that has none. */
const first = "metallb-crds";

/**
 * The namespace for MetalLB 0.13 and later, in one of two stacks. The address pools need it before MetalLB, so on a new
 * cluster the stack in front of theirs makes it. A cluster that had MetalLB 0.9 to 0.12 has it in the state of the stack
 * metallb, whose plan must not let it go: with it would go all that is in it.
 *
 * Whose it is, each stack asks the cluster once, by the annotation, and keeps the answer in its state: from then on no
 * edit of the live object makes a stack let go of what it has. Two more things hold a namespace:
 *
 * - Where there is none, metallb-crds makes it, whoever had it: the pools need one. A stack metallb that had the one
 *   before keeps the new one in its place, since Terraform knows it by name. Then both have it, and neither deletes it
 *   but by its own destroy.
 * - metallb-crds deletes no namespace that does not say that it is its own. So the first plan of a state that has no
 *   answer yet cannot delete one whose annotation is lost.
 */
export function sharedNamespace(stack: TerraformStack): MetallbNamespace {
  const id = stack.node.id;
  const found = new DataKubernetesResources(stack, "namespaces", {
    apiVersion: "v1",
    kind: "Namespace",
    // A list, since one object that does not exist would be an error.
    fieldSelector: `metadata.name=${namespaceName}`,
  });
  const objects = `data.kubernetes_resources.${found.friendlyUniqueId}.objects`;
  const named = `${objects}[0].metadata.annotations[${quoted(ownerAnnotation)}]`;
  const inCluster = new TerraformLocal(
    stack,
    "namespace-owner-in-cluster",
    `\${length(${objects}) == 0 ? ${quoted(first)} : try(${named}, ${quoted(original)})}`,
  );
  const live = `local.${inCluster.friendlyUniqueId}`;
  const remembered = new DataResource(stack, "namespace-owner", {
    input: { stack: `\${${live}}` },
    lifecycle: { ignoreChanges: ["input"] },
  });
  // Not its output, which is not known before it is made.
  const owner = `terraform_data.${remembered.friendlyUniqueId}.input.stack`;
  const namespace = new MetallbNamespace(stack, "namespace", {
    podSecurityLabels: true,
    ...(id === first && { annotations: { [ownerAnnotation]: first } }),
  });
  // One or none: Terraform takes the address without a number, which that of 0.9 to 0.12 has, for the first.
  const isOurs = [`${owner} == ${quoted(id)}`, ...(id === first ? [`${live} == ${quoted(first)}`] : [])];
  namespace.addOverride("count", `\${${isOurs.join(" || ")} ? 1 : 0}`);
  if (id === first) namespace.provisioners = [deleteNoOther];
  // The annotation of metallb-crds, on a namespace that both have.
  else namespace.lifecycle = { ignoreChanges: ["metadata[0].annotations"] };
  return namespace;
}

const refusal =
  `The namespace ${namespaceName} does not say that the stack ${first} made it: its annotation ${ownerAnnotation} is lost,` +
  ` or names another. With it would go MetalLB and all addresses, so it was not deleted. If ${first} made it, say so:` +
  ` kubectl annotate --overwrite namespace ${namespaceName} ${ownerAnnotation}=${first}. If not, take it out of its state: terraform -chdir=cdktf.out/stacks/${first} state rm "kubernetes_namespace_v1.namespace[0]".`;

/** Runs for the namespace that the state has, also where the plan says that there is to be none. */
const deleteNoOther: LocalExecProvisioner & { readonly when: "destroy" } = {
  type: "local-exec",
  when: "destroy",
  // Not in the command: what somebody writes into the cluster is no shell.
  environment: { OWNER: `\${try(self.metadata[0].annotations[${quoted(ownerAnnotation)}], "")}` },
  command: `[ "$OWNER" = ${first} ] || { echo '${refusal}' >&2; exit 1; }`,
};
