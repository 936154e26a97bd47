import type { StateConfig } from "./schema/state";

/** The oldest Terraform that knows all that the stacks use: import blocks came with 1.5. */
export const oldestTerraform = "1.5.0";

/** The same of OpenTofu, whose first version is 1.6. */
export const oldestOpenTofu = "1.6.0";

/** The oldest of a product that runs the stacks, in words: "1.5". */
export const oldestOf = (product: "Terraform" | "OpenTofu"): string =>
  (product === "Terraform" ? oldestTerraform : oldestOpenTofu).replace(/\.0$/, "");

/** The oldest that writes values which it does not keep: ephemeral resources and write-only arguments. OpenTofu's, too. */
export const oldestWriteOnlyTerraform = "1.11.0";

/** The oldest that knows ephemeral variables, which the stacks have where a server runs them. OpenTofu does from 1.11 on. */
export const oldestWithEphemeral = "1.10.0";

/** The Terraform providers that the stacks use; the versions are those that the @cdktf/provider-* packages pin. */
export const providers = {
  kubernetes: { source: "hashicorp/kubernetes", version: "2.38.0" },
  null: { source: "hashicorp/null", version: "3.2.4" },
  random: { source: "hashicorp/random", version: "3.7.2" },
} as const;

/**
 * The oldest Terraform for states that are kept in a way that came later: locks of s3 in the bucket itself, and an address
 * of pg that is in the environment alone.
 */
export const oldestTerraformFor = (backend: StateConfig["backend"]): string | undefined =>
  (({ s3: "1.10.0", pg: "1.6.0" }) as Partial<Record<StateConfig["backend"], string>>)[backend];
