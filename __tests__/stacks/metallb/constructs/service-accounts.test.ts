import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import type { TerraformStack } from "cdktf";
import { ServiceAccounts } from "../../../../stacks/metallb/constructs/service-accounts";
import { synthesisedResources } from "../../../synthesised";

const labels = { app: "metallb" };
const namespace = "metallb-system";
const withNamespace = (stack: TerraformStack) => ({
  namespace: new NamespaceV1(stack, "namespace", { metadata: { name: namespace } }),
});

test("each program has a ServiceAccount, made after the namespace", () => {
  // when
  const resources = synthesisedResources(
    (stack) => new ServiceAccounts(stack, "service-accounts", withNamespace(stack)),
  );

  // then
  const account = (name: string) => ({
    metadata: { name, namespace, labels },
    automount_service_account_token: true,
    depends_on: ["kubernetes_namespace_v1.namespace"],
  });
  expect(resources.kubernetes_service_account_v1).toStrictEqual({
    controller: account("controller"),
    speaker: account("speaker"),
  });
});
