import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { labelValue, someText } from "../../../values/scalars";

/** How a requirement compares a label; upstream: LabelSelectorOperator in apimachinery. */
export const selectorOperators = ["In", "NotIn", "Exists", "DoesNotExist"] as const;

const requirementSchema = z.strictObject({
  key: someText("a label's key, such as kubernetes.io/hostname").meta({ description: "The label's key." }),
  operator: z
    .enum(selectorOperators, {
      error: expectation(`one of ${selectorOperators.join(", ")}`, "write one of them, with those capital letters"),
    })
    .meta({ description: "How the label is compared." }),
  values: z.array(labelValue).optional().meta({ description: "With In and NotIn: the values." }),
});

/** A label selector in Kubernetes' own form. Every part must match; an empty one matches everything. */
export const labelSelectorSchema = z.strictObject({
  matchLabels: z.record(z.string(), labelValue).optional().meta({ description: "Labels with their values: rack: a." }),
  matchExpressions: z
    .array(requirementSchema)
    .optional()
    .meta({ description: "Requirements: {key: rack, operator: In, values: [a, b]}." }),
});

/** Several label selectors, of which one must match. None is no restriction. */
export const labelSelectors = z.array(labelSelectorSchema).default([]);

/** A label selector, as cluster.yaml writes it. */
export type LabelSelector = z.output<typeof labelSelectorSchema>;
