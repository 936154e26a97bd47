import type { Check } from "./check";

/** What checks are of: a node, or another part of the cluster. */
export interface Subject {
  /** A node's name, "Kubernetes", "kube-proxy", "MetalLB", "Services" or "trial Service". */
  readonly name: string;
  readonly isNode: boolean;
  readonly checks: readonly Check[];
}

/** What checks that are of no node are of, by the first part of their id. */
const parts: Readonly<Record<string, string>> = {
  kubernetes: "Kubernetes",
  "kube-proxy": "kube-proxy",
  metallb: "MetalLB",
  service: "Services",
  trial: "trial Service",
};

/** Where the controller runs is by chance: what it takes is no matter of that node. */
const ofController = "metallb.config-taken.controller";

/** The checks by what they are of, in the order in which that comes first. */
export function bySubject(checks: readonly Check[]): Subject[] {
  const isOfNodes = ({ id }: Check) => id.startsWith("node.") || id === "kubernetes.undeclared-node";
  const nodes = new Set(checks.filter(isOfNodes).map(({ place }) => place));
  const subjects = new Map<string, { name: string; isNode: boolean; checks: Check[] }>();
  for (const check of checks) {
    const isNode = nodes.has(check.place) && check.id !== ofController;
    const [part = ""] = check.id.split(".");
    const name = isNode ? check.place : (parts[part] ?? part);
    // A node may have the name of a part.
    const key = `${isNode} ${name}`;
    const subject = subjects.get(key) ?? { name, isNode, checks: [] };
    subject.checks.push(check);
    subjects.set(key, subject);
  }
  return [...subjects.values()];
}
