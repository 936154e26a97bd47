import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Password } from "@cdktf/provider-random/lib/password";
import { Construct } from "constructs";
import { memberlist } from "../addresses";
import { memberlistSecret, namespaceName } from "../release/component";

export interface MemberlistProps {
  /** The namespace, which must exist first. */
  readonly namespace: NamespaceV1;
}

/**
 * The key with which the speakers encrypt what they tell each other about dead nodes. Upstream makes the Secret by
 * hand, on the first install only: `openssl rand -base64 128`.
 *
 * A speaker reads the key at its start only, and speakers with different keys take each other for dead. So the value
 * is made once and kept in Terraform's state, apart from the Secret: a Secret that is deleted or edited by hand gets
 * the very same value back.
 */
export class Memberlist extends Construct {
  readonly resources: readonly SecretV1[];

  constructor(scope: Construct, id: string, props: MemberlistProps) {
    super(scope, id);
    const key = new Password(this, "key", {
      // MetalLB 0.9 uses the first 16 bytes of the text as an AES key: letters and digits, nothing to quote.
      length: 128,
      special: false,
      // Whatever a later version of this file or of the provider says: an existing key stays.
      lifecycle: { ignoreChanges: "all" },
    });
    key.overrideLogicalId(memberlist.key.id);
    const secret = new SecretV1(this, "secret", {
      metadata: { name: memberlistSecret.name, namespace: namespaceName },
      data: { [memberlistSecret.key]: key.result },
      dependsOn: [props.namespace],
    });
    secret.overrideLogicalId(memberlist.secret.id);
    this.resources = [secret];
  }
}
