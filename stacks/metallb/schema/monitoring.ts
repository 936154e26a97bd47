import { z } from "zod";
import { dnsLabel, dnsSubdomain, flag, labelValue, someText } from "../../../values/scalars";

/** Upstream: config/prometheus and charts/metallb/templates of the Helm chart. */
export const monitoringSchema = z.strictObject({
  scrapeAnnotations: flag.default(true).meta({
    description:
      "false: the pods are without upstream's annotations prometheus.io/scrape and port, for a Prometheus that goes by serviceMonitors. A change replaces the pods.",
  }),
  serviceMonitors: flag.default(false).meta({
    description:
      "true: ServiceMonitors of Prometheus' operator, with what Prometheus needs to read the metrics. Where the cluster does not know the kind they are left out, with a warning in the plan.",
  }),
  rules: flag.default(false).meta({
    description:
      "true: a PrometheusRule with alerts: configuration stale or not loaded, pools at 75, 85 and 95 %, BGP sessions down, addresses that nobody announces. Where the cluster does not know the kind it is left out, with a warning in the plan.",
  }),
  labels: z.record(someText("a label's key"), labelValue).default({}).meta({
    description:
      "Labels of ServiceMonitors and PrometheusRule, by which a Prometheus may select them: {release: prometheus}.",
  }),
  serviceAccount: z
    .strictObject({
      namespace: dnsLabel.default("monitoring").meta({ description: "Its namespace." }),
      name: dnsSubdomain.default("prometheus-k8s").meta({ description: "Its name." }),
    })
    .prefault({})
    .meta({ description: "The ServiceAccount of the Prometheus that reads the metrics, for serviceMonitors." }),
});

/** What is said of `metallb.monitoring`, with every default in its place. */
export type MonitoringConfig = z.output<typeof monitoringSchema>;
