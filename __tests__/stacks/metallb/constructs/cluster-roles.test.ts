import { ClusterRoles } from "../../../../stacks/metallb/constructs/cluster-roles";
import { synthesisedResources } from "../../../synthesised";

const labels = { app: "metallb" };
const namespace = "metallb-system";
const rbac = "rbac.authorization.k8s.io";
const controller = { kind: "ServiceAccount", name: "controller", namespace };
const speaker = { kind: "ServiceAccount", name: "speaker", namespace };

describe("the ClusterRoles", () => {
  test("the controller may change Services, the speakers may read Services, endpoints and nodes", () => {
    // when
    const resources = synthesisedResources((stack) => new ClusterRoles(stack, "cluster-roles", { version: "0.9.6" }));

    // then
    const events = { api_groups: [""], resources: ["events"], verbs: ["create", "patch"] };
    const policy = (name: string) => ({
      api_groups: ["policy"],
      resource_names: [name],
      resources: ["podsecuritypolicies"],
      verbs: ["use"],
    });
    expect(resources.kubernetes_cluster_role_v1).toStrictEqual({
      controller: {
        metadata: { name: "metallb-system:controller", labels },
        rule: [
          { api_groups: [""], resources: ["services"], verbs: ["get", "list", "watch", "update"] },
          { api_groups: [""], resources: ["services/status"], verbs: ["update"] },
          events,
          policy("controller"),
        ],
      },
      speaker: {
        metadata: { name: "metallb-system:speaker", labels },
        rule: [
          { api_groups: [""], resources: ["services", "endpoints", "nodes"], verbs: ["get", "list", "watch"] },
          events,
          policy("speaker"),
        ],
      },
    });
  });

  test("each ClusterRole is bound to its program, after it is made", () => {
    // when
    const resources = synthesisedResources((stack) => new ClusterRoles(stack, "cluster-roles", { version: "0.9.6" }));

    // then
    expect(resources.kubernetes_cluster_role_binding_v1).toStrictEqual({
      controller: {
        metadata: { name: "metallb-system:controller", labels },
        role_ref: { api_group: rbac, kind: "ClusterRole", name: "metallb-system:controller" },
        subject: [controller],
        depends_on: ["kubernetes_cluster_role_v1.controller"],
      },
      speaker: {
        metadata: { name: "metallb-system:speaker", labels },
        role_ref: { api_group: rbac, kind: "ClusterRole", name: "metallb-system:speaker" },
        subject: [speaker],
        depends_on: ["kubernetes_cluster_role_v1.speaker"],
      },
    });
  });
});
