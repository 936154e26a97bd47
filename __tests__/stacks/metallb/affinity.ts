import type { JsonObject } from "../../synthesised";

/** Every field that an affinity may have. */
export const affinity: JsonObject = {
  nodeAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: {
      nodeSelectorTerms: [
        { matchExpressions: [{ key: "kubernetes.io/arch", operator: "In", values: ["amd64"] }] },
        { matchFields: [{ key: "metadata.name", operator: "In", values: ["node1"] }] },
      ],
    },
    preferredDuringSchedulingIgnoredDuringExecution: [
      { weight: 10, preference: { matchExpressions: [{ key: "cpus", operator: "Gt", values: ["8"] }] } },
    ],
  },
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        labelSelector: { matchLabels: { app: "router" } },
        namespaces: ["network"],
        topologyKey: "kubernetes.io/hostname",
      },
    ],
  },
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          labelSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] },
          namespaceSelector: {},
          topologyKey: "topology.kubernetes.io/zone",
        },
      },
    ],
  },
};
