import { allPeers, allPools } from "../resources/as-sections";
import { appLabels, type Component, components, namespaceName, subject } from "../release/component";
import { frrK8sSelectorLabel } from "../release/frr-k8s";
import type { ManifestObject } from "../release/manifest-objects";
import { runningOf } from "../release/running";
import type { MetallbConfig } from "../schema/metallb";
import { alertRules } from "./alert-rules";

// What Prometheus' operator, and the Prometheus that it runs, need of MetalLB; upstream: config/prometheus*.

/** The API of Prometheus' operator. */
const operatorApi = "monitoring.coreos.com/v1";

/** The kinds of Prometheus' operator that are written, as the API's paths have them. */
export const monitoringKinds = [
  { kind: "ServiceMonitor", plural: "servicemonitors" },
  { kind: "PrometheusRule", plural: "prometheusrules" },
] as const;

/** The CustomResourceDefinition of one of them. */
export const definitionOf = (plural: string): string => `${plural}.monitoring.coreos.com`;

const rbac = "rbac.authorization.k8s.io";

/** What a Prometheus needs to find and read the metrics: typed objects, which every cluster knows. */
export function accessObjects({ version, bgpType, monitoring }: MetallbConfig): ManifestObject[] {
  if (monitoring?.serviceMonitors !== true) return [];
  const { namespace, name } = monitoring.serviceAccount;
  const prometheus = { kind: "ServiceAccount", name, namespace };
  const { secure } = runningOf(version).metrics;
  const reviewer = `${namespaceName}:metrics-reviewer`;
  const reader = `${namespaceName}:metrics-reader`;
  return [
    ...components.map((component) => metricsService(component, { version, bgpType })),
    {
      apiVersion: `${rbac}/v1`,
      kind: "Role",
      metadata: { name: "prometheus-k8s", namespace: namespaceName, labels: appLabels },
      rules: [{ apiGroups: [""], resources: ["services", "endpoints", "pods"], verbs: ["get", "list", "watch"] }],
    },
    binding("RoleBinding", "prometheus-k8s", "prometheus-k8s", [prometheus], namespaceName),
    // Whoever serves metrics by HTTPS asks Kubernetes who the reader is, and what it may.
    ...(secure
      ? [
          clusterRole(reviewer, [
            { apiGroups: ["authentication.k8s.io"], resources: ["tokenreviews"], verbs: ["create"] },
            { apiGroups: ["authorization.k8s.io"], resources: ["subjectaccessreviews"], verbs: ["create"] },
          ]),
          binding("ClusterRoleBinding", reviewer, reviewer, components.map(subject)),
        ]
      : []),
    ...(secure || bgpType === "frr-k8s"
      ? [
          clusterRole(reader, [{ nonResourceURLs: ["/metrics"], verbs: ["get"] }]),
          binding("ClusterRoleBinding", reader, reader, [prometheus]),
        ]
      : []),
  ];
}

const clusterRole = (name: string, rules: readonly object[]): ManifestObject => ({
  apiVersion: `${rbac}/v1`,
  kind: "ClusterRole",
  metadata: { name, labels: appLabels },
  rules,
});

const binding = (
  kind: "RoleBinding" | "ClusterRoleBinding",
  name: string,
  role: string,
  subjects: readonly object[],
  namespace?: string,
): ManifestObject => ({
  apiVersion: `${rbac}/v1`,
  kind,
  // Not MetalLB's label: by it other programs look for a MetalLB's bindings.
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  roleRef: { apiGroup: rbac, kind: kind === "RoleBinding" ? "Role" : "ClusterRole", name: role },
  subjects,
});

/** The ports of a program's metrics: its own, and with bgpType frr those of FRR beside the speaker. */
function metricsPorts(component: Component, { version, bgpType }: Pick<MetallbConfig, "version" | "bgpType">) {
  const { port, secure } = runningOf(version).metrics;
  const suffix = secure ? "https" : "";
  return [
    { name: `metrics${suffix}`, port, targetPort: port },
    ...(component === "speaker" && bgpType === "frr"
      ? [{ name: `frrmetrics${suffix}`, port: port + 1, targetPort: port + 1 }]
      : []),
  ];
}

const serviceName = (component: Component): string => `${component}-monitor-service`;

const metricsService = (component: Component, metallb: Pick<MetallbConfig, "version" | "bgpType">): ManifestObject => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: serviceName(component), namespace: namespaceName, labels: { name: serviceName(component) } },
  spec: {
    clusterIP: "None",
    ports: metricsPorts(component, metallb),
    selector: { ...appLabels, component },
  },
});

const withToken = {
  bearerTokenFile: "/var/run/secrets/kubernetes.io/serviceaccount/token",
  scheme: "https",
  // Each pod makes its certificate at its start.
  tlsConfig: { insecureSkipVerify: true },
};

/** What frr-k8s calls otherwise, by the names that the other ways to do BGP have; as upstream's own monitor does it. */
const metallbsNames = ["bgp", "bfd"].map((protocol) => ({
  sourceLabels: ["__name__"],
  regex: `frrk8s_${protocol}_(.*)`,
  targetLabel: "__name__",
  replacement: `metallb_${protocol}_$1`,
}));

/** The objects of Prometheus' operator, which a cluster knows only where its CRDs are. */
export function operatorObjects(metallb: MetallbConfig): ManifestObject[] {
  const { monitoring, version, bgpType } = metallb;
  if (monitoring === undefined) return [];
  const { secure } = runningOf(version).metrics;
  const object = (kind: string, name: string, spec: object): ManifestObject => ({
    apiVersion: operatorApi,
    kind,
    metadata: { name, namespace: namespaceName, labels: { ...appLabels, ...monitoring.labels } },
    spec,
  });
  const monitor = (name: string, matchLabels: object, endpoints: readonly object[]) =>
    object("ServiceMonitor", name, {
      namespaceSelector: { matchNames: [namespaceName] },
      selector: { matchLabels },
      endpoints,
    });
  const monitors = [
    ...components.map((component) =>
      monitor(
        `${component}-monitor`,
        { name: serviceName(component) },
        metricsPorts(component, metallb).map(({ name: port }) => ({
          port,
          honorLabels: true,
          interval: "30s",
          ...(secure && withToken),
        })),
      ),
    ),
    ...(bgpType === "frr-k8s"
      ? [
          monitor("frr-k8s-metrics-monitor", { [frrK8sSelectorLabel]: "frr-k8s" }, [
            { port: "metricshttps", path: "/metrics", ...withToken },
            {
              port: "frrmetricshttps",
              path: "/metrics",
              metricRelabelings: metallbsNames,
              ...withToken,
            },
          ]),
        ]
      : []),
  ];
  const rules = object("PrometheusRule", "metallb", {
    groups: [{ name: "metallb", rules: alertRules({ pools: allPools(metallb), peers: allPeers(metallb) }) }],
  });
  return [...(monitoring.serviceMonitors ? monitors : []), ...(monitoring.rules ? [rules] : [])];
}
