/**
 * The name of a node's resource in Terraform, `<node>` or `<role>-<node>`: dots, which it may not have, are `_`, which no
 * node's name has. Where the first character is none for Terraform, a digit, a `_` stands in front.
 */
export function nodeResourceName(node: string, role?: string): string {
  const name = `${role === undefined ? "" : `${role}-`}${node.replaceAll(".", "_")}`;
  return /^\d/.test(name) ? `_${name}` : name;
}
