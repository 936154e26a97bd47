import type { SecretV1Config } from "@cdktf/provider-kubernetes/lib/secret-v1";

/**
 * A Secret's data that Terraform writes when it makes the Secret, and that the provider then does not read
 * (resourceKubernetesSecretV1Read: a revision above 0). Without a revision it would write nothing.
 *
 * The type is one of our own, which nothing looks at: Terraform cannot change it in place. So a Secret whose data it has in
 * its state is replaced by one whose data it has not, and the other way round. Changed in place the state would keep the
 * data of before; and on the way back the provider would write none.
 */
export const writeOnlyData = (data: Readonly<Record<string, string>>) =>
  ({ type: "baremetal-lb/write-only", dataWo: { ...data }, dataWoRevision: 1 }) satisfies Partial<SecretV1Config>;
