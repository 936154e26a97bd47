import { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { TerraformStack } from "cdktf";
import { Memberlist } from "../../../../stacks/metallb/constructs/memberlist";
import type { MetallbConfig } from "../../../../stacks/metallb/schema/metallb";
import { fault } from "../../../faults";
import { synthesised } from "../../../synthesised";

describe("the memberlist key", () => {
  let restartOn: string | undefined;
  const blocks = (memberlistKey: MetallbConfig["memberlistKey"] = "state") =>
    synthesised((app) => {
      const stack = new TerraformStack(app, "test");
      const namespace = new NamespaceV1(stack, "namespace", { metadata: { name: "metallb-system" } });
      ({ restartOn } = new Memberlist(stack, "memberlist", { namespace, memberlistKey }));
      return stack;
    });

  test("is made once, of 128 letters and digits, and never changes by itself", () => {
    expect(blocks().resource.random_password).toStrictEqual({
      memberlist: { length: 128, special: false, lifecycle: { ignore_changes: "all" } },
    });
  });

  test("is put back into a Secret that was deleted or edited: Terraform keeps it apart from the Secret", () => {
    expect(blocks().resource.kubernetes_secret_v1).toStrictEqual({
      memberlist: {
        metadata: { name: "memberlist", namespace: "metallb-system" },
        // A reference to state, not a value; and no lifecycle that would ignore an edit.
        data: { secretkey: "${random_password.memberlist.result}" },
        depends_on: ["kubernetes_namespace_v1.namespace"],
      },
    });
    expect(restartOn).toBeUndefined();
  });

  test(`${fault(165)}: writeOnly, it is made of what Terraform keeps nowhere, written once, and never read`, () => {
    const { resource, ...rest } = blocks("writeOnly");
    expect(rest).toMatchObject({
      ephemeral: { random_password: { memberlist: { length: 128, special: false } } },
    });
    expect(resource.random_password).toBeUndefined();
    expect(resource.kubernetes_secret_v1).toStrictEqual({
      memberlist: {
        metadata: { name: "memberlist", namespace: "metallb-system" },
        type: "baremetal-lb/write-only",
        data_wo: { secretkey: "${ephemeral.random_password.memberlist.result}" },
        data_wo_revision: 1,
        depends_on: ["kubernetes_namespace_v1.namespace"],
      },
    });
    expect(restartOn).toBe("${kubernetes_secret_v1.memberlist.metadata[0].uid}");
  });
});
