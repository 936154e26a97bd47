import type { LabelSelector } from "../schema/selectors";

/** One thing that a label selector asks of a label; of matchLabels it is In with one value. */
export interface Requirement {
  readonly key?: string;
  readonly operator?: string;
  readonly values: readonly (string | undefined)[];
}

type Labels = Readonly<Record<string, string>>;

/** The requirements of a selector, all of which have to be met. */
export const requirementsOf = ({
  matchLabels = {},
  matchExpressions = [],
}: {
  readonly matchLabels?: Readonly<Record<string, string | undefined>>;
  readonly matchExpressions?: readonly (Partial<Requirement> | undefined)[];
}): Requirement[] => [
  ...Object.entries(matchLabels).map(([key, value]) => ({ key, operator: "In", values: [value] })),
  ...matchExpressions.map((expression) => ({ ...expression, values: expression?.values ?? [] })),
];

/** Whether a label, or its absence, meets a requirement; undefined where that has no such operator. */
export function meetsRequirement({ operator, values }: Requirement, label: string | undefined): boolean | undefined {
  switch (operator) {
    case "In":
      return label !== undefined && values.includes(label);
    case "NotIn":
      return label === undefined || !values.includes(label);
    case "Exists":
      return label !== undefined;
    case "DoesNotExist":
      return label === undefined;
    default:
      return undefined;
  }
}

/** Whether a selector selects what has these labels and no others. One without requirements selects everything. */
export const selects = (selector: LabelSelector, labels: Labels = {}): boolean =>
  requirementsOf(selector).every((one) => meetsRequirement(one, labels[one.key ?? ""]) === true);

/** Several selectors, of which one has to select; none is no restriction. */
export const isAmong = (selectors: readonly LabelSelector[], labels: Labels = {}): boolean =>
  selectors.length === 0 || selectors.some((selector) => selects(selector, labels));

/** "app=web, rack in (a, b)", as kubectl takes it. */
export const selectorText = (selector: LabelSelector): string =>
  requirementsOf(selector)
    .map(({ key, operator, values }) => {
      if (operator === "Exists") return String(key);
      if (operator === "DoesNotExist") return `!${key}`;
      const [first] = values;
      if (operator === "In" && values.length === 1) return `${key}=${first}`;
      return `${key} ${operator === "In" ? "in" : "notin"} (${values.join(", ")})`;
    })
    .join(",");
