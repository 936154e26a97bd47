import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import { alertRules } from "../../../stacks/metallb/monitoring/alert-rules";
import { accessObjects, operatorObjects } from "../../../stacks/metallb/monitoring/monitoring-objects";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import type { ManifestObject } from "../../../stacks/metallb/release/manifest-objects";
import { type BgpType, bgpTypesIn, type MetallbVersion } from "../../../stacks/metallb/release/releases";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { addresses, type JsonObject, synthesisedOnce } from "../../synthesised";
import { problemsOf } from "./checks/newer-metallb";
import { differences } from "./constructs/compare";
import { toManifests } from "./constructs/to-manifest";
import { upstreamFolder, upstreamManifest } from "./upstream-manifest";

const everything = { serviceMonitors: true, rules: true, labels: { release: "prometheus" } };

const configOf = (version: MetallbVersion, settings: object = {}, bgpType: BgpType = "native") =>
  cluster({ metallb: { ...clusterInput.metallb, version, bgpType, ...settings } });
const stackOf = (version: MetallbVersion, settings: object = {}, bgpType: BgpType = "native") =>
  synthesisedOnce(MetallbStack, "metallb", {
    ...configOf(version, settings, bgpType),
    manifest: upstreamManifest(version, bgpType),
  });

/** What upstream has beside a way to do BGP for Prometheus: config/manifests/metallb-<type>-prometheus.yaml. */
function upstreamsMonitoring(version: MetallbVersion, bgpType: BgpType): ManifestObject[] {
  const text = readFileSync(
    join(upstreamFolder(version), "config", "manifests", `metallb-${bgpType}-prometheus.yaml`),
    "utf8",
  );
  const known = new Set(upstreamManifest(version, bgpType).map(({ kind, metadata }) => `${kind} ${metadata.name}`));
  return parseAllDocuments(text)
    .map((document) => document.toJS() as ManifestObject)
    .filter(({ kind, metadata }) => !known.has(`${kind} ${metadata.name}`));
}

describe("metallb.monitoring", () => {
  test.each(["0.13.12", "0.16.2"] as const)("changes nothing of MetalLB %s where it says nothing", (version) => {
    expect(stackOf(version, { monitoring: {} })).toStrictEqual(stackOf(version));
    expect(JSON.stringify(stackOf(version))).not.toContain("monitoring.coreos.com");
  });

  test("is refused before MetalLB 0.13", () => {
    expect(problemsOf({ version: "0.9.6", monitoring: { rules: true } })).toStrictEqual([
      "monitoring: given monitoring with version: 0.9.6; expected MetalLB 0.13.7 or newer, the first that can express it; remove the key, or set metallb.version: 0.13.12",
    ]);
  });

  const cases = bgpTypesIn("0.16.2").map((bgpType) => ({ bgpType }));
  test.each(cases)("has what upstream has for Prometheus beside its manifest, with bgpType $bgpType", ({ bgpType }) => {
    // given
    const { metallb } = configOf("0.16.2", { monitoring: { serviceMonitors: true } }, bgpType);
    const ours = [...accessObjects(metallb), ...operatorObjects(metallb)];
    const spec = (objects: readonly ManifestObject[], kind: string, name: string) =>
      objects.find((one) => one.kind === kind && one.metadata.name === name) as { spec?: JsonObject; rules?: object };

    // then
    const upstream = upstreamsMonitoring("0.16.2", bgpType);
    expect(upstream.length).toBeGreaterThan(5);
    const names = (objects: readonly ManifestObject[]) =>
      objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    // Its reviewers are in MetalLB's own roles there, and who reads is another's matter.
    expect(
      names(ours)
        .filter((name) => !names(upstream).includes(name))
        .sort(),
    ).toStrictEqual([
      "ClusterRole metallb-system:metrics-reader",
      "ClusterRole metallb-system:metrics-reviewer",
      "ClusterRoleBinding metallb-system:metrics-reader",
      "ClusterRoleBinding metallb-system:metrics-reviewer",
    ]);
    expect(names(upstream).filter((name) => !names(ours).includes(name))).toStrictEqual([]);
    for (const { kind, metadata } of upstream) {
      const [one, other] = [spec(ours, kind, metadata.name), spec(upstream, kind, metadata.name)];
      if (kind === "ServiceMonitor") {
        expect(one.spec?.endpoints).toEqual(other.spec?.endpoints);
        expect(one.spec?.selector).toEqual(other.spec?.selector);
      }
      if (kind === "Service") expect(one.spec?.ports).toEqual(other.spec?.ports);
      if (kind === "Role") expect(one.rules).toEqual(other.rules);
    }
  });

  test("up to 0.15 the metrics are read over HTTP, with nobody to ask", () => {
    const { metallb } = configOf("0.15.3", { monitoring: { serviceMonitors: true } }, "frr");
    const names = accessObjects(metallb).map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name) => name.startsWith("ClusterRole"))).toStrictEqual([]);
    const [, speakers] = operatorObjects(metallb) as unknown as { spec: { endpoints: object[] } }[];
    expect(speakers?.spec.endpoints).toStrictEqual([
      { port: "metrics", honorLabels: true, interval: "30s" },
      { port: "frrmetrics", honorLabels: true, interval: "30s" },
    ]);
    const [, service] = accessObjects(metallb) as unknown as { spec: { ports: object[] } }[];
    expect(service?.spec.ports).toStrictEqual([
      { name: "metrics", port: 7472, targetPort: 7472 },
      { name: "frrmetrics", port: 7473, targetPort: 7473 },
    ]);
  });

  test(`${fault(253)}: what the cluster does not know is left out, and a plan says so`, () => {
    const stack = stackOf("0.16.2", { monitoring: everything }, "frr-k8s");
    const manifests = stack.resource.kubernetes_manifest ?? {};
    expect(Object.keys(manifests).sort()).toStrictEqual([
      "prometheusrule-metallb",
      "servicemonitor-controller-monitor",
      "servicemonitor-frr-k8s-metrics-monitor",
      "servicemonitor-speaker-monitor",
    ]);
    for (const [name, manifest] of Object.entries(manifests)) {
      const plural = name.startsWith("servicemonitor") ? "servicemonitors" : "prometheusrules";
      expect(manifest.count).toBe(`\${min(1, length(data.kubernetes_resources.${plural}-definitions.objects))}`);
      expect((manifest.manifest as { metadata: JsonObject }).metadata.labels).toStrictEqual({
        app: "metallb",
        release: "prometheus",
      });
    }
    expect(stack.data.kubernetes_resources?.["servicemonitors-definitions"]).toStrictEqual({
      api_version: "apiextensions.k8s.io/v1",
      kind: "CustomResourceDefinition",
      field_selector: "metadata.name=servicemonitors.monitoring.coreos.com",
    });
    expect((stack as unknown as { check: JsonObject }).check.servicemonitors).toStrictEqual({
      assert: {
        condition: "${length(data.kubernetes_resources.servicemonitors-definitions.objects) > 0}",
        error_message:
          "The cluster has no CustomResourceDefinition servicemonitors.monitoring.coreos.com, so that metallb.monitoring writes no ServiceMonitor. Install Prometheus' operator, then deploy metallb again.",
      },
    });
  });

  test("is beside MetalLB: none of its objects is another one, and its rollout does not wait for it", () => {
    const [without, withIt] = [stackOf("0.16.2"), stackOf("0.16.2", { monitoring: everything })];
    const known = new Set(addresses(without));
    expect(addresses(withIt).filter((address) => !known.has(address))).toStrictEqual([
      "data.kubernetes_resources.prometheusrules-definitions",
      "data.kubernetes_resources.servicemonitors-definitions",
      "kubernetes_cluster_role_binding_v1.metrics-reader",
      "kubernetes_cluster_role_binding_v1.metrics-reviewer",
      "kubernetes_cluster_role_v1.metrics-reader",
      "kubernetes_cluster_role_v1.metrics-reviewer",
      "kubernetes_manifest.prometheusrule-metallb",
      "kubernetes_manifest.servicemonitor-controller-monitor",
      "kubernetes_manifest.servicemonitor-speaker-monitor",
      "kubernetes_role_binding_v1.prometheus-k8s",
      "kubernetes_role_v1.prometheus-k8s",
      "kubernetes_service_v1.controller-monitor-service",
      "kubernetes_service_v1.speaker-monitor-service",
    ]);
    expect(withIt.resource.null_resource).toStrictEqual(without.resource.null_resource);
    expect(withIt.resource.kubernetes_daemon_set_v1).toStrictEqual(without.resource.kubernetes_daemon_set_v1);
    // By this label another MetalLB is looked for.
    expect(JSON.stringify(withIt.resource.kubernetes_cluster_role_binding_v1?.["metrics-reader"])).not.toContain(
      "labels",
    );
  });

  test("without scrape annotations the pods have none of Prometheus', and all others", () => {
    const of = (settings: object) =>
      toManifests(stackOf("0.15.3", { speaker: { podAnnotations: { note: "x" } }, ...settings }).resource);
    const found = differences(of({}), of({ monitoring: { scrapeAnnotations: false } }));
    const annotation = (key: string) => `spec.template.metadata.annotations["prometheus.io/${key}"]`;
    expect(found.map(({ object, path, ours }) => [object, path, ours])).toStrictEqual([
      ["DaemonSet speaker", annotation("port"), "(absent)"],
      ["DaemonSet speaker", annotation("scrape"), "(absent)"],
      ["Deployment controller", annotation("port"), "(absent)"],
      ["Deployment controller", annotation("scrape"), "(absent)"],
    ]);
  });
});

describe("the alerts", () => {
  const pool = (name: string, protocol: string) => ({ name, protocol, addresses: [`192.168.${name.length}.240/29`] });
  const rulesOf = (...pools: object[]) => alertRules(configOf("0.16.2", { pools }).metallb);

  test("are those of what is there: no session without a router, no announcement where none is to be", () => {
    const names = (...given: Parameters<typeof rulesOf>) => rulesOf(...given).map(({ alert }) => alert);
    const ofAll = [
      "MetalLBStaleConfig",
      "MetalLBConfigNotLoaded",
      "MetalLBAddressPoolUsage75Percent",
      "MetalLBAddressPoolUsage85Percent",
      "MetalLBAddressPoolUsage95Percent",
    ];
    expect(names(pool("a", "layer2"))).toStrictEqual([...ofAll, "MetalLBAddressNotAnnounced"]);
    expect(names(pool("a", "none"))).toStrictEqual(ofAll);
    const peers = [{ peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }];
    const { metallb } = configOf("0.16.2", { pools: [pool("a", "bgp")], peers });
    expect(alertRules(metallb).map(({ alert }) => alert)).toStrictEqual([
      ...ofAll,
      "MetalLBBGPSessionDown",
      "MetalLBAddressNotAnnounced",
    ]);
  });

  test("pools that something else announces are none that nobody announces", () => {
    const [rule] = rulesOf(pool("a", "layer2"), pool("by.calico", "none"), pool("other", "none")).slice(-1);
    expect(rule?.expr).toBe(
      'sum(metallb_allocator_addresses_in_use_total{pool!~"by\\\\.calico|other"}) - (count(count by (ip) (metallb_speaker_announced == 1)) or vector(0)) > 0',
    );
  });
});
