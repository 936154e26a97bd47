import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { Memberlist } from "../../../../stacks/metallb/constructs/memberlist";
import { synthesisedResources } from "../../../synthesised";

describe("the memberlist key", () => {
  const resources = () =>
    synthesisedResources((stack) => {
      const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "metallb-system" } });
      new Memberlist(stack, "memberlist", { namespace });
    });

  test("is made once, of 128 letters and digits, and never changes by itself", () => {
    expect(resources().random_password).toStrictEqual({
      memberlist: { length: 128, special: false, lifecycle: { ignore_changes: "all" } },
    });
  });

  test("is put back into a Secret that was deleted or edited: Terraform keeps it apart from the Secret", () => {
    expect(resources().kubernetes_secret_v1).toStrictEqual({
      memberlist: {
        metadata: { name: "memberlist", namespace: "metallb-system" },
        // A reference to state, not a value; and no lifecycle that would ignore an edit.
        data: { secretkey: "${random_password.memberlist.result}" },
        depends_on: ["kubernetes_namespace_v1.namespace"],
      },
    });
  });
});
