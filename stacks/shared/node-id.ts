/** The part of a resource's address that stands for a node: its name, with dots as `_` so that ids stay distinct. */
export const nodeId = (name: string): string => name.replaceAll(".", "_");
