import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1, type ClusterRoleV1Rule } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import type { TerraformResource } from "cdktf";
import { Construct } from "constructs";
import { appLabels, clusterRoleName, type Component, components, subject } from "../release/component";
import { objectsHave } from "../release/written-objects";

export interface ClusterRolesProps {
  /** MetalLB's, without a `v`. */
  readonly version: string;
}

const recordEvents: ClusterRoleV1Rule = { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] };

// Grants nothing from Kubernetes 1.25 on, where there are no such policies.
const usePodSecurityPolicy = (component: Component): ClusterRoleV1Rule => ({
  apiGroups: ["policy"],
  resourceNames: [component],
  resources: ["podsecuritypolicies"],
  verbs: ["use"],
});

const reading = ["get", "list", "watch"];

const rulesOf = (version: string): Readonly<Record<Component, ClusterRoleV1Rule[]>> => ({
  controller: [
    {
      apiGroups: [""],
      resources: ["services"],
      verbs: objectsHave(version, "statusAlone") ? reading : [...reading, "update"],
    },
    { apiGroups: [""], resources: ["services/status"], verbs: ["update"] },
    recordEvents,
    usePodSecurityPolicy("controller"),
  ],
  speaker: [
    { apiGroups: [""], resources: ["services", "endpoints", "nodes"], verbs: reading },
    ...(objectsHave(version, "endpointSlices")
      ? [{ apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: reading }]
      : []),
    recordEvents,
    usePodSecurityPolicy("speaker"),
  ],
});

/** The two ClusterRoles and their bindings to the ServiceAccounts; upstream: manifests/metallb.yaml. */
export class ClusterRoles extends Construct {
  readonly resources: readonly TerraformResource[];

  constructor(scope: Construct, id: string, { version }: ClusterRolesProps) {
    super(scope, id);
    const rules = rulesOf(version);
    this.resources = components.flatMap((component) => {
      const metadata = { name: clusterRoleName(component), labels: appLabels };
      const role = new ClusterRoleV1(this, `${component}-role`, { metadata, rule: rules[component] });
      role.overrideLogicalId(component);
      const binding = new ClusterRoleBindingV1(this, `${component}-binding`, {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: metadata.name },
        subject: [subject(component)],
        dependsOn: [role],
      });
      binding.overrideLogicalId(component);
      return [role, binding];
    });
  }
}
