import type { NodeConfig } from "./schema/nodes";

/** The node that kubectl runs on: the first control-plane node. Throws where there is none; `check` says so before. */
export function firstControlPlane(nodes: readonly NodeConfig[]): NodeConfig {
  const node = nodes.find(({ role }) => role === "control-plane");
  if (!node) throw new Error("nodes: expected at least one node with role: control-plane");
  return node;
}

/** Whether there is no node but control-plane nodes. */
export const isControlPlaneOnly = (nodes: readonly (Partial<Pick<NodeConfig, "role">> | undefined)[]): boolean =>
  nodes.length > 0 && nodes.every((node) => node?.role === "control-plane");
