import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { foreignKeys } from "../../../values/foreign-keys";
import { dnsLabel, someText, wholeNumber } from "../../../values/scalars";
import { labelSelectorSchema } from "./selectors";

// Kubernetes' own form; upstream: Affinity in k8s.io/api/core/v1. What is here is what Terraform's provider has fields for.

const withCapitals = "write one of them, with those capital letters";

const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: expectation(`one of ${values.join(", ")}`, withCapitals) });

/** How a requirement of a node compares a label. */
export const nodeOperators = ["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"] as const;

const values = z.array(z.string()).optional();

const nodeTermSchema = z.strictObject({
  matchExpressions: z
    .array(
      z.strictObject({
        key: someText("a label's key, such as kubernetes.io/arch").meta({ description: "The label's key." }),
        operator: oneOf(nodeOperators).meta({ description: "How the label is compared." }),
        values: values.meta({ description: 'With In and NotIn the values, with Gt and Lt one number as text: ["8"].' }),
      }),
    )
    .optional()
    .meta({ description: "Requirements of the node's labels, all of which it has to meet." }),
  matchFields: z
    .array(
      z.strictObject({
        key: oneOf(["metadata.name"]).meta({ description: "The only field of a node that can be compared." }),
        operator: oneOf(["In", "NotIn"]).meta({ description: "How it is compared." }),
        values: values.meta({ description: "One node's name." }),
      }),
    )
    .optional()
    .meta({ description: "Requirements of the node's fields." }),
});

const weight = wholeNumber(1, 100, "a weight").meta({ description: "How much it is preferred." });

const podTermSchema = z
  .strictObject({
    labelSelector: labelSelectorSchema.optional().meta({ description: "The pods. Default: none at all." }),
    namespaces: z
      .array(dnsLabel)
      .optional()
      .meta({ description: "Their namespaces. Default: MetalLB's, or those of namespaceSelector." }),
    namespaceSelector: labelSelectorSchema
      .optional()
      .meta({ description: "Their namespaces, by labels; {} is every namespace." }),
    topologyKey: someText("a label of nodes, such as kubernetes.io/hostname").meta({
      description: "The label of nodes whose value says what is one place: kubernetes.io/hostname for one node.",
    }),
  })
  .register(foreignKeys, {
    matchLabelKeys: { remedy: "write the labels into labelSelector: Terraform's provider has no such field" },
    mismatchLabelKeys: { remedy: "write the labels into labelSelector: Terraform's provider has no such field" },
  });

const podAffinitySchema = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z
    .array(podTermSchema)
    .optional()
    .meta({ description: "Terms that all have to hold." }),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.strictObject({ weight, podAffinityTerm: podTermSchema.meta({ description: "The term." }) }))
    .optional()
    .meta({ description: "Terms that are preferred, by their weights." }),
});

/** On which nodes the pods of a program run. */
export const affinitySchema = z.strictObject({
  nodeAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({
          nodeSelectorTerms: z
            .array(nodeTermSchema)
            .min(1, { error: expectation("at least one term", "add matchExpressions, or remove the key around it") })
            .meta({ description: "Terms of which one has to hold." }),
        })
        .optional()
        .meta({ description: "The nodes that the pods have to run on." }),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.strictObject({ weight, preference: nodeTermSchema.meta({ description: "The term." }) }))
        .optional()
        .meta({ description: "Nodes that are preferred, by their weights." }),
    })
    .optional()
    .meta({ description: "By the nodes' labels." }),
  podAffinity: podAffinitySchema.optional().meta({ description: "Where other pods are." }),
  podAntiAffinity: podAffinitySchema.optional().meta({ description: "Where other pods are not." }),
});

/** A term of a node affinity, as cluster.yaml writes it. */
export type NodeTerm = z.output<typeof nodeTermSchema>;

/** An affinity, as cluster.yaml writes it. */
export type AffinityConfig = z.output<typeof affinitySchema>;
