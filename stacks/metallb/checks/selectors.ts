import type { Draft } from "../../../values/draft";
import type { MetallbDraft } from "../draft";
import type { Finding, Path } from "../../../values/problem";
import type { LabelSelector } from "../schema/selectors";
import { selectsNone } from "./node-selection";
import { repeated } from "../../../values/repeated";
import { labelKey } from "./qualified-key";

type Selector = Draft<LabelSelector>;
type Nodes = NonNullable<MetallbDraft["nodes"]>;

/** Label selectors by Kubernetes' own rules (LabelSelectorAsSelector), and MetalLB's: nothing stands in a list twice. */
export function checkSelectors(draft: MetallbDraft): Finding[] {
  return checkBelow(draft.metallb, ["metallb"], draft.nodes ?? []);
}

/** Finds every label selector below a value by the name of its key. */
function checkBelow(value: unknown, path: Path, nodes: Nodes): Finding[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]): Finding[] => {
    const pathBelow = [...path, Array.isArray(value) ? Number(key) : key];
    // Kubernetes' own, which MetalLB never sees: checks/affinity.ts.
    if (key === "affinity") return [];
    if (key === "preference" && below !== undefined) {
      return [...checkSelector(below as Selector, pathBelow), ...selectsNoNode(below as Selector, pathBelow, nodes)];
    }
    if (!/^(node|service|namespace)Selectors$/.test(key) || !Array.isArray(below)) {
      return checkBelow(below, pathBelow, nodes);
    }
    const selectors = below as readonly (Selector | undefined)[];
    return [
      ...repetitions(selectors, pathBelow, "label selector"),
      ...selectors.flatMap((selector, index) =>
        selector === undefined
          ? []
          : [
              ...checkSelector(selector, [...pathBelow, index]),
              ...(key === "nodeSelectors" ? selectsNoNode(selector, [...pathBelow, index], nodes) : []),
            ],
      ),
    ];
  });
}

const namedAtMost = 5;

/** A selector of nodes that none of the declared ones answers to, as far as their labels are known: by name. */
function selectsNoNode(selector: Selector, path: Path, nodes: Nodes): Finding[] {
  if (!selectsNone(selector, nodes)) return [];
  const names = nodes.map((node, index) => node?.name ?? `node ${index + 1}`);
  const more = names.length > namedAtMost ? ` and ${names.length - namedAtMost} more` : "";
  return [
    {
      severity: "warning",
      path,
      given: "a selector that selects no node",
      expected: `one that selects a node of cluster.yaml (${names.slice(0, namedAtMost).join(", ")}${more})`,
      remedy: "write a node's name as kubectl get nodes shows it, or add the node to nodes",
    },
  ];
}

function checkSelector(selector: Selector, path: Path): Finding[] {
  const { matchExpressions = [] } = selector;
  const expressionsPath = [...path, "matchExpressions"];
  return [
    ...checkRequirements(selector, path),
    ...repetitions(matchExpressions, expressionsPath, "requirement"),
    ...matchExpressions.flatMap((expression, index) =>
      repetitions(expression?.values ?? [], [...expressionsPath, index, "values"], "value"),
    ),
  ];
}

/** A label selector by Kubernetes' rules alone. */
export function checkRequirements({ matchLabels, matchExpressions = [] }: Selector, path: Path): Finding[] {
  return [
    ...Object.keys(matchLabels ?? {}).flatMap((key) => labelKey(key, [...path, "matchLabels", key], true)),
    ...matchExpressions.flatMap((expression, index): Finding[] => {
      if (expression === undefined) return [];
      const { key, operator, values } = expression;
      const place = [...path, "matchExpressions", index];
      return [
        ...(key === undefined ? [] : labelKey(key, [...place, "key"])),
        ...(operator === undefined ? [] : operands(operator, values?.length ?? 0, place)),
      ];
    }),
  ];
}

export function operands(operator: string, values: number, path: Path): Finding[] {
  const takesValues = operator === "In" || operator === "NotIn";
  if (takesValues === values > 0) return [];
  return [
    {
      severity: "error",
      path: [...path, "operator"],
      given: `${operator} with ${values === 0 ? "no values" : "values"}`,
      expected: takesValues ? `at least one value with ${operator}` : `no values with ${operator}`,
      remedy: takesValues ? "add values, or write Exists" : "remove values, or write In",
    },
  ];
}

function repetitions(items: readonly unknown[], path: Path, what: string): Finding[] {
  return repeated(items, sorted).map(({ index, firstIndex }) => ({
    severity: "error",
    path: [...path, index],
    given: `the same ${what} as number ${firstIndex + 1} of the list`,
    expected: "each one once: MetalLB refuses a repetition",
    remedy: "remove one of the two",
  }));
}

/** A value as text, in which neither the order of keys nor that of values counts. */
function sorted(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(sorted).sort().join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{${Object.entries(value)
    .map(([key, below]) => `${key}:${sorted(below)}`)
    .sort()
    .join()}}`;
}
