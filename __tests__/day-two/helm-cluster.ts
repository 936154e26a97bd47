import { workloadSelectors } from "../../stacks/metallb/other-metallb";
import type { Objects } from "./verify/healthy-cluster";

// A cluster whose MetalLB is the Helm release lb, out of upstream's chart, in the namespace lb.

const names = { controller: "lb-metallb-controller", speaker: "lb-metallb-speaker" } as const;

const labelsOf = (component: string) => ({
  "app.kubernetes.io/name": "metallb",
  "app.kubernetes.io/instance": "lb",
  "app.kubernetes.io/component": component,
});

/** What the workloads' lists have of one. */
export const helmWorkload = (component: keyof typeof names, release: string | undefined = "lb", namespace = "lb") => ({
  metadata: {
    namespace,
    name: names[component],
    labels: labelsOf(component),
    ...(release && { annotations: { "meta.helm.sh/release-name": release } }),
  },
  spec: {
    template: {
      spec: {
        containers: [
          {
            name: component,
            ...(component === "controller" && {
              env: [{ name: "METALLB_ML_SECRET_NAME", value: "lb-metallb-memberlist" }],
            }),
          },
        ],
      },
    },
  },
});

/** The list of a kind's workloads, as the API answers it for the labels of the chart. */
export const byChart = (plural: "deployments" | "daemonsets", ...items: object[]): Objects => ({
  [`/apis/apps/v1/${plural}?labelSelector=${workloadSelectors.chart}`]: { items },
});

/** The objects of a cluster whose MetalLB has upstream's names, as the chart would have made them. */
export function asHelmHasThem(objects: Objects): Objects {
  const renamed = Object.entries(objects).map(([path, object]) => [
    path
      .replace("/namespaces/metallb-system", "/namespaces/lb")
      .replace(/(deployments|daemonsets)\/(controller|speaker)$/, "$1/lb-metallb-$2")
      .replace("/secrets/memberlist", "/secrets/lb-metallb-memberlist"),
    typeof object === "object" ? labelled(object as object) : object,
  ]);
  return {
    ...(Object.fromEntries(renamed) as Objects),
    ...byChart("deployments", helmWorkload("controller")),
    ...byChart("daemonsets", helmWorkload("speaker")),
  };
}

/** Pods with the chart's labels in place of upstream's. */
const labelled = (object: object): unknown =>
  JSON.parse(JSON.stringify(object), (key, value: unknown) =>
    key === "labels" && (value as { app?: string }).app === "metallb"
      ? labelsOf((value as { component: string }).component)
      : value,
  );
