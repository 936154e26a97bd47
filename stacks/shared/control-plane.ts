import type { NodeConfig } from "./schema/nodes";

/** The node that kubectl runs on: the first control-plane node. Throws where there is none; `check` says so before. */
export function firstControlPlane(nodes: readonly NodeConfig[]): NodeConfig {
  const node = nodes.find(({ role }) => role === "control-plane");
  if (!node) throw new Error("nodes: expected at least one node with role: control-plane");
  return node;
}
