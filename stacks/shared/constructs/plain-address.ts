/** What has an address in Terraform. */
export interface TerraformAddress {
  readonly terraformResourceType: string;
  readonly friendlyUniqueId: string;
}

/** The address as replace_triggered_by wants it: `fqn` renders `${…}`, which Terraform refuses there. */
export const plainAddress = ({ terraformResourceType, friendlyUniqueId }: TerraformAddress): string =>
  `${terraformResourceType}.${friendlyUniqueId}`;
