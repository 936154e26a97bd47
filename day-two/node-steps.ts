import { nodeResourceName } from "../stacks/shared/node-resource-name";

/** What the stacks do on each node, by the role in their resources' names; no role is the node's own resource. */
const steps: Readonly<Record<string, readonly (readonly [role: string | undefined, words: string])[]>> = {
  nodes: [
    [undefined, "its preparation"],
    ["_removal", "what takes its preparation back at destroy"],
  ],
  "kube-proxy": [
    ["modules", "the question for its modules"],
    ["before", "the note of what it had before kube-proxy was changed"],
    ["proof", "the proof of kube-proxy"],
  ],
};

/** A step on a node. */
export interface NodeStep {
  readonly node: string;
  /** Such as "the proof of kube-proxy". */
  readonly words: string;
}

/** The steps of a stack on these nodes, by their addresses in Terraform. */
export function nodeSteps(stack: string, nodes: readonly { readonly name: string }[]): ReadonlyMap<string, NodeStep> {
  return new Map(
    nodes.flatMap(({ name }) =>
      (steps[stack] ?? []).map(
        ([role, words]) => [`null_resource.${nodeResourceName(name, role)}`, { node: name, words }] as const,
      ),
    ),
  );
}
