import type { Draft } from "../../../values/draft";
import type { MetallbDraft } from "../draft";
import type { LabelSelector } from "../schema/selectors";
import { meetsRequirement, type Requirement, requirementsOf } from "../pools/label-selectors";

/** What selects nodes: a label selector, or a term of a node affinity, whose fields count as not known. */
type Selector = Draft<Omit<LabelSelector, "matchExpressions">> & {
  readonly matchExpressions?: readonly (
    { readonly key?: string; readonly operator?: string; readonly values?: readonly (string | undefined)[] } | undefined
  )[];
  readonly matchFields?: readonly unknown[];
};
type Node = NonNullable<MetallbDraft["nodes"]>[number];

const allRequirementsOf = ({ matchFields = [], ...selector }: Selector): Requirement[] => [
  ...requirementsOf(selector),
  ...matchFields.map(() => ({ values: [] })),
];

/** The labels that a node has for certain: those that its kubelet gives it. cluster.yaml has no others. */
const labelsOf = (node: Node): Readonly<Record<string, string | undefined>> => ({
  "kubernetes.io/hostname": node?.name,
  "kubernetes.io/os": "linux",
});

/** Undefined where it is not known. */
function meets(node: Node, requirement: Requirement): boolean | undefined {
  const { key, values } = requirement;
  const label = key === undefined ? undefined : labelsOf(node)[key];
  if (label === undefined || values.includes(undefined)) return undefined;
  return meetsRequirement(requirement, label);
}

/** Whether a selector selects a declared node; undefined where that hangs on labels that are not known. */
export function selectsNode(selector: Selector, node: Node): boolean | undefined {
  const met = allRequirementsOf(selector).map((requirement) => meets(node, requirement));
  return met.includes(false) ? false : met.includes(undefined) ? undefined : true;
}

/** Several selectors, of which one has to select the node; none is no restriction. */
export function isSelected(selectors: readonly (Selector | undefined)[] | undefined, node: Node): boolean | undefined {
  if (selectors === undefined) return undefined;
  if (selectors.length === 0) return true;
  const selected = selectors.map((selector) => selector && selectsNode(selector, node));
  return selected.includes(true) ? true : selected.includes(undefined) ? undefined : false;
}

/** Whether a selector selects none of the declared nodes for certain. */
export const selectsNone = (selector: Selector, nodes: readonly Node[]): boolean =>
  nodes.length > 0 && nodes.every((node) => selectsNode(selector, node) === false);

/**
 * Whether two lists of selectors have a node in common for certain: a declared node that both select, or whatever nodes the
 * narrower of two selectors selects. Upstream, which knows the nodes' labels: peersShareNode in internal/config.
 */
export function shareNode(
  one: readonly (Selector | undefined)[],
  other: readonly (Selector | undefined)[],
  nodes: readonly Node[],
): boolean {
  if (nodes.some((node) => isSelected(one, node) === true && isSelected(other, node) === true)) return true;
  const all: readonly (Selector | undefined)[] = [{}];
  const [some, others] = [one, other].map((selectors) => (selectors.length === 0 ? all : selectors));
  return (some ?? []).some((a) =>
    (others ?? []).some((b) => {
      if (a === undefined || b === undefined) return false;
      return (isWithin(a, b) && !selectsNone(a, nodes)) || (isWithin(b, a) && !selectsNone(b, nodes));
    }),
  );
}

/** Whether each node that the first selector selects is selected by the second, too, whatever labels it has. */
const isWithin = (narrow: Selector, wide: Selector): boolean =>
  allRequirementsOf(wide).every((wanted) => allRequirementsOf(narrow).some((given) => ensures(given, wanted)));

function ensures(given: Requirement, wanted: Requirement): boolean {
  if (given.key === undefined || given.key !== wanted.key) return false;
  const has = (values: Requirement["values"]) => (value: string | undefined) => values.includes(value);
  switch (wanted.operator) {
    case "In":
      return given.operator === "In" && given.values.every(has(wanted.values));
    case "NotIn":
      return (
        given.operator === "DoesNotExist" ||
        (given.operator === "In" && !given.values.some(has(wanted.values))) ||
        (given.operator === "NotIn" && wanted.values.every(has(given.values)))
      );
    case "Exists":
      return given.operator === "Exists" || given.operator === "In";
    default:
      return given.operator === "DoesNotExist" && wanted.operator === "DoesNotExist";
  }
}
