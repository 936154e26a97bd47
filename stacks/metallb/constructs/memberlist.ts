import type { NamespaceV1 } from "@cdktf/provider-kubernetes/lib/namespace-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { Password } from "@cdktf/provider-random/lib/password";
import { TerraformStack } from "cdktf";
import { Construct } from "constructs";
import { memberlist } from "../addresses";
import { memberlistSecret, namespaceName } from "../release/component";
import type { MetallbConfig } from "../schema/metallb";
import { writeOnlyData } from "./write-only-data";

export interface MemberlistProps {
  /** The namespace, which must exist first. */
  readonly namespace: NamespaceV1;
  /** Where the key is kept, beside the Secret. */
  readonly memberlistKey: MetallbConfig["memberlistKey"];
}

/** MetalLB up to 0.13 uses the first 16 bytes of the text as an AES key: letters and digits, nothing to quote. */
const password = { length: 128, special: false } as const;

/**
 * The key with which the speakers encrypt what they tell each other about dead nodes. Upstream makes the Secret by
 * hand, on the first install only: `openssl rand -base64 128`.
 *
 * A speaker reads the key at its start only, and speakers with different keys take each other for dead. So the value is
 * either made once and kept in Terraform's state, apart from the Secret: a Secret that is deleted or edited by hand gets
 * the very same value back. Or it is kept by the Secret alone (`writeOnly`): one that is deleted gets another value, and
 * with the Secret's uid, which `restartOn` has, the speakers restart.
 */
export class Memberlist extends Construct {
  readonly resources: readonly SecretV1[];
  /** Expression in a template: what changes with the key; undefined where the key does not. */
  readonly restartOn: string | undefined;

  constructor(scope: TerraformStack, id: string, { namespace, memberlistKey }: MemberlistProps) {
    super(scope, id);
    const isKept = memberlistKey === "state";
    const secret = new SecretV1(this, "secret", {
      metadata: { name: memberlistSecret.name, namespace: namespaceName },
      ...(isKept ? { data: keyOf(this.kept()) } : writeOnlyData(keyOf(forgotten(scope)))),
      dependsOn: [namespace],
    });
    secret.overrideLogicalId(memberlist.secret.id);
    this.resources = [secret];
    this.restartOn = isKept ? undefined : `\${${memberlist.secret.address}.metadata[0].uid}`;
  }

  /** A value in Terraform's state. */
  private kept(): string {
    // Whatever a later version of this file or of the provider says: an existing key stays.
    const key = new Password(this, "key", { ...password, lifecycle: { ignoreChanges: "all" } });
    key.overrideLogicalId(memberlist.key.id);
    return key.result;
  }
}

const keyOf = (value: string) => ({ [memberlistSecret.key]: value });

/** A value that is another one in each run of Terraform, and kept by none. CDKTF has no such block. */
function forgotten(stack: TerraformStack): string {
  stack.addOverride(`ephemeral.${memberlist.key.address}`, password);
  return `\${ephemeral.${memberlist.key.address}.result}`;
}
