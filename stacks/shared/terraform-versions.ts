/** The oldest Terraform that knows all that the stacks use: import blocks came with 1.5. */
export const oldestTerraform = "1.5.0";

/** The oldest that knows ephemeral variables, which the stacks have where a server runs them. */
export const oldestWithEphemeral = "1.10.0";

/** The Terraform providers that the stacks use; the versions are those that the @cdktf/provider-* packages pin. */
export const providers = {
  kubernetes: { source: "hashicorp/kubernetes", version: "2.38.0" },
  null: { source: "hashicorp/null", version: "3.2.4" },
  random: { source: "hashicorp/random", version: "3.7.2" },
} as const;
