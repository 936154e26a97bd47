import type { Draft } from "../../../values/draft";
import type { Finding, Path } from "../../../values/problem";
import type { MetallbDraft } from "../draft";
import { components } from "../release/component";
import type { NodeTerm } from "../schema/affinity";
import type { LabelSelector } from "../schema/selectors";
import { isSelected } from "./node-selection";
import { labelKey } from "./qualified-key";
import { checkRequirements, operands } from "./selectors";

type Term = Draft<NodeTerm>;

/** Affinities by the rules of the API server; upstream: ValidatePodAffinity and others in pkg/apis/core/validation. */
export function checkAffinities(draft: MetallbDraft): Finding[] {
  return [
    ...components.flatMap((component) => {
      const path = ["metallb", component, "affinity"];
      return checkBelow(draft.metallb?.[component]?.affinity, path);
    }),
    ...speakersNowhere(draft),
  ];
}

/** Finds terms and selectors by the names of their keys. */
function checkBelow(value: unknown, path: Path): Finding[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, below]): Finding[] => {
    const place = [...path, Array.isArray(value) ? Number(key) : key];
    if (below === undefined) return [];
    if (key === "labelSelector" || key === "namespaceSelector") {
      return checkRequirements(below as Draft<LabelSelector>, place);
    }
    if (key === "topologyKey") return labelKey(String(below), place);
    if (key === "preference") return checkTerm(below as Term, place);
    if (key === "nodeSelectorTerms") {
      const terms = below as readonly (Term | undefined)[];
      return terms.flatMap((term, index) => (term === undefined ? [] : checkTerm(term, [...place, index])));
    }
    return checkBelow(below, place);
  });
}

function checkTerm({ matchExpressions = [], matchFields = [] }: Term, path: Path): Finding[] {
  return [
    ...matchExpressions.flatMap((requirement, index): Finding[] => {
      const { key, operator, values = [] } = requirement ?? {};
      const place = [...path, "matchExpressions", index];
      return [
        ...(key === undefined ? [] : labelKey(key, [...place, "key"])),
        ...(operator === "Gt" || operator === "Lt"
          ? comparison(operator, values, place)
          : operator === undefined
            ? []
            : operands(operator, values.length, place)),
      ];
    }),
    ...matchFields.flatMap((requirement, index): Finding[] => {
      const { operator, values = [] } = requirement ?? {};
      if (operator === undefined || values.length === 1) return [];
      return [
        {
          severity: "error",
          path: [...path, "matchFields", index, "values"],
          given: `${values.length} values`,
          expected: "one node's name: Kubernetes compares a field with one value",
          remedy: "write a matchExpressions with kubernetes.io/hostname for several nodes",
        },
      ];
    }),
  ];
}

function comparison(operator: string, values: readonly (string | undefined)[], path: Path): Finding[] {
  if (values.length === 1 && /^-?\d+$/.test(values[0] ?? "0")) return [];
  return [
    {
      severity: "error",
      path: [...path, "values"],
      given: values.length === 1 ? JSON.stringify(values[0]) : `${values.length} values`,
      expected: `one whole number as text with ${operator}`,
      remedy: 'write values: ["8"], for example',
    },
  ];
}

/** Terms of the speakers that no declared node answers to, as far as their labels are known: by name. */
function speakersNowhere({ nodes = [], metallb }: MetallbDraft): Finding[] {
  const required =
    metallb?.speaker?.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  if (required.length === 0 || nodes.length === 0) return [];
  if (nodes.some((node) => isSelected(required, node) !== false)) return [];
  return [
    {
      severity: "warning",
      path: [
        ...["metallb", "speaker", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution"],
        "nodeSelectorTerms",
      ],
      given: "terms that no declared node answers to",
      expected: "a node that announces: speakers run on the nodes that a term selects, and on no others",
      remedy: "write a node's name as kubectl get nodes shows it, or add the node to nodes",
    },
  ];
}
