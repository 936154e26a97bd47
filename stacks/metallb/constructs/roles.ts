import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1, type RoleV1Rule } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { appLabels, type Component, namespaceName, subject } from "../release/component";

export interface RolesProps {
  /** The namespace, which must exist first. */
  readonly namespace: NamespaceV1;
}

interface Grant {
  readonly name: string;
  readonly rule: RoleV1Rule;
  readonly holders: readonly Component[];
}

const grants: readonly Grant[] = [
  {
    name: "config-watcher",
    rule: { apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] },
    holders: ["controller", "speaker"],
  },
  {
    // The speakers find each other by their pods, to watch over each other with memberlist.
    name: "pod-lister",
    rule: { apiGroups: [""], resources: ["pods"], verbs: ["list"] },
    holders: ["speaker"],
  },
];

/** The Roles config-watcher and pod-lister and their bindings; upstream: manifests/metallb.yaml. */
export class Roles extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: RolesProps) {
    super(scope, id);
    this.resources = grants.flatMap(({ name, rule, holders }) => {
      const metadata = { name, namespace: namespaceName, labels: appLabels };
      const role = new RoleV1(this, `${name}-role`, { metadata, rule: [rule], dependsOn: [props.namespace] });
      role.overrideLogicalId(name);
      const binding = new RoleBindingV1(this, `${name}-binding`, {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subject: holders.map(subject),
        dependsOn: [role],
      });
      binding.overrideLogicalId(name);
      return [role, binding];
    });
  }
}
