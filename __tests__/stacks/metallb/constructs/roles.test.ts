import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { TerraformStack } from "cdktf";
import { Roles } from "../../../../stacks/metallb/constructs/roles";
import { synthesisedResources } from "../../../synthesised";

const labels = { app: "metallb" };
const namespace = "metallb-system";
const rbac = "rbac.authorization.k8s.io";
const controller = { kind: "ServiceAccount", name: "controller", namespace };
const speaker = { kind: "ServiceAccount", name: "speaker", namespace };
const withNamespace = (stack: TerraformStack) => ({
  namespace: new NamespaceV1(stack, "namespace", { metadata: { name: namespace } }),
  version: "0.9.6",
});

test("in its namespace both programs may read ConfigMaps, and the speakers may list pods", () => {
  // when
  const resources = synthesisedResources((stack) => new Roles(stack, "roles", withNamespace(stack)));

  // then
  const dependsOnNamespace = { depends_on: ["kubernetes_namespace_v1.namespace"] };
  const metadata = (name: string) => ({ name, namespace, labels });
  expect(resources.kubernetes_role_v1).toStrictEqual({
    "config-watcher": {
      metadata: metadata("config-watcher"),
      rule: [{ api_groups: [""], resources: ["configmaps"], verbs: ["get", "list", "watch"] }],
      ...dependsOnNamespace,
    },
    "pod-lister": {
      metadata: metadata("pod-lister"),
      rule: [{ api_groups: [""], resources: ["pods"], verbs: ["list"] }],
      ...dependsOnNamespace,
    },
  });
  expect(resources.kubernetes_role_binding_v1).toStrictEqual({
    "config-watcher": {
      metadata: metadata("config-watcher"),
      role_ref: { api_group: rbac, kind: "Role", name: "config-watcher" },
      subject: [controller, speaker],
      depends_on: ["kubernetes_role_v1.config-watcher"],
    },
    "pod-lister": {
      metadata: metadata("pod-lister"),
      role_ref: { api_group: rbac, kind: "Role", name: "pod-lister" },
      subject: [speaker],
      depends_on: ["kubernetes_role_v1.pod-lister"],
    },
  });
});
