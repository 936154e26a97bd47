import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1, type RoleV1Rule } from "@cdktf/provider-kubernetes/lib/role-v1";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { appLabels, type Component, memberlistSecret, namespaceName, subject } from "../release/component";
import { objectsHave } from "../release/written-objects";

export interface RolesProps {
  /** The namespace, which must exist first. */
  readonly namespace: NamespaceV1;
  /** MetalLB's, without a `v`. */
  readonly version: string;
}

interface Grant {
  readonly name: string;
  readonly rules: readonly RoleV1Rule[];
  readonly holders: readonly Component[];
}

const grantsOf = (version: string): readonly Grant[] => [
  {
    name: "config-watcher",
    rules: [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
    holders: ["controller", "speaker"],
  },
  {
    // The speakers find each other by their pods, to watch over each other with memberlist.
    name: "pod-lister",
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["list"] }],
    holders: ["speaker"],
  },
  ...(objectsHave(version, "secretOfController") ? [secretOfController] : []),
];

/** It ends at its start where it may not look for the Secret, also where the Secret is there. */
const secretOfController: Grant = {
  name: "controller",
  rules: [
    { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
    { apiGroups: [""], resources: ["secrets"], resourceNames: [memberlistSecret.name], verbs: ["list"] },
    { apiGroups: ["apps"], resources: ["deployments"], resourceNames: ["controller"], verbs: ["get"] },
  ],
  holders: ["controller"],
};

/** The Roles in MetalLB's namespace and their bindings; upstream: manifests/metallb.yaml. */
export class Roles extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, props: RolesProps) {
    super(scope, id);
    this.resources = grantsOf(props.version).flatMap(({ name, rules, holders }) => {
      const metadata = { name, namespace: namespaceName, labels: appLabels };
      const role = new RoleV1(this, `${name}-role`, { metadata, rule: [...rules], dependsOn: [props.namespace] });
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
