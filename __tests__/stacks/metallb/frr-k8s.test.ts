import { MetallbCrdsStack } from "../../../stacks/metallb/metallb-crds-stack";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import { type BgpType, bgpTypesIn, metallbVersions } from "../../../stacks/metallb/release/releases";
import { frrK8sWebhookPort, hasWebhookOnNodes } from "../../../stacks/shared/memberlist-port";
import { scriptText } from "../../../stacks/shared/script";
import { literal } from "../../../stacks/shared/terraform-text";
import { cluster, clusterInput } from "../../cluster-fixture";
import { fault } from "../../faults";
import { addresses, type JsonObject, synthesisedOnce } from "../../synthesised";
import { affinity } from "./affinity";
import { absent, type Difference, differences } from "./constructs/compare";
import { toManifests } from "./constructs/to-manifest";
import { upstreamManifest } from "./upstream-manifest";

type Version = Parameters<typeof upstreamManifest>[0];

const versions = metallbVersions.filter((version) => bgpTypesIn(version).includes("frr-k8s"));

const propsOf = (version: Version, settings: object, bgpType: BgpType) => ({
  ...cluster({ metallb: { ...clusterInput.metallb, version, bgpType, ...settings } }),
  manifest: upstreamManifest(version, bgpType),
});
const metallbOf = (version: Version, settings: object = {}, bgpType: BgpType = "frr-k8s") =>
  synthesisedOnce(MetallbStack, "metallb", propsOf(version, settings, bgpType));
const crdsOf = (version: Version, bgpType: BgpType = "frr-k8s") =>
  synthesisedOnce(MetallbCrdsStack, "metallb-crds", propsOf(version, {}, bgpType));

// These names are in every user's state. A changed one destroys and creates: it needs a move and a changelog line.
const more = (server: string, cleaner: readonly string[] = []) =>
  [
    "kubernetes_cluster_role_binding_v1.frr-k8s-daemon-rolebinding",
    "kubernetes_cluster_role_binding_v1.frr-k8s-proxy-rolebinding",
    "kubernetes_cluster_role_v1.frr-k8s-daemon-role",
    "kubernetes_cluster_role_v1.frr-k8s-metrics-reader",
    "kubernetes_cluster_role_v1.frr-k8s-proxy-role",
    "kubernetes_config_map_v1.frr-k8s-frr-startup",
    "kubernetes_daemon_set_v1.frr-k8s-daemon",
    `kubernetes_deployment_v1.${server}`,
    "kubernetes_role_binding_v1.frr-k8s-daemon-rolebinding",
    "kubernetes_role_v1.frr-k8s-daemon-role",
    "kubernetes_secret_v1.frr-k8s-webhook-server-cert",
    "kubernetes_service_account_v1.frr-k8s-daemon",
    "kubernetes_service_v1.frr-k8s-metrics-service",
    "kubernetes_service_v1.frr-k8s-webhook-service",
    "kubernetes_validating_webhook_configuration_v1.frr-k8s-validating-webhook-configuration",
    "null_resource.frr-k8s",
    ...cleaner,
  ].sort();

const cleanersRole = [
  "kubernetes_role_v1.frr-k8s-nodestate-cleaner-role",
  "kubernetes_role_binding_v1.frr-k8s-nodestate-cleaner-rolebinding",
];
const objects: Readonly<Record<string, readonly string[]>> = {
  "0.14.5": more("frr-k8s-webhook-server"),
  "0.14.8": more("frr-k8s-webhook-server"),
  "0.14.9": more("frr-k8s-webhook-server"),
  "0.15.2": more("frr-k8s-webhook-server"),
  "0.15.3": more("frr-k8s-statuscleaner", cleanersRole),
  "0.16.1": more("frr-k8s-statuscleaner", cleanersRole),
  "0.16.2": more("frr-k8s-statuscleaner", cleanersRole),
};

const kinds: Readonly<Record<string, readonly string[]>> = {
  "0.14.5": ["frrconfigurations", "frrnodestates"],
  "0.14.8": ["frrconfigurations", "frrnodestates"],
  "0.14.9": ["frrconfigurations", "frrnodestates"],
  "0.15.2": ["bgpsessionstates", "frrconfigurations", "frrnodestates"],
  "0.15.3": ["bgpsessionstates", "frrconfigurations", "frrnodestates"],
  "0.16.1": ["bgpsessionstates", "frrconfigurations", "frrk8sconfigurations", "frrnodestates"],
  "0.16.2": ["bgpsessionstates", "frrconfigurations", "frrk8sconfigurations", "frrnodestates"],
};

describe.each(versions)("frr-k8s with MetalLB %s", (version) => {
  test("brings its objects and its kinds, and takes none of MetalLB's away", () => {
    const beside = (one: ReturnType<typeof metallbOf>, other: ReturnType<typeof metallbOf>) => {
      const known = new Set(addresses(other));
      return addresses(one).filter((address) => !known.has(address));
    };
    const [metallb, native] = [metallbOf(version), metallbOf(version, {}, "native")];
    expect(beside(metallb, native)).toStrictEqual(objects[version]);
    expect(beside(native, metallb)).toStrictEqual([]);
    const [crds, nativeCrds] = [crdsOf(version), crdsOf(version, "native")];
    expect(beside(crds, nativeCrds)).toStrictEqual(kinds[version]?.map((name) => `kubernetes_manifest.${name}`));
    expect(beside(nativeCrds, crds)).toStrictEqual([]);
  });

  test(`${fault(249)}: is made and waited for before the speakers and the controller, which its own pods do not wait for`, () => {
    const { resource } = metallbOf(version);
    const daemon = resource.kubernetes_daemon_set_v1?.["frr-k8s-daemon"];
    const gate = resource.null_resource?.["frr-k8s"];
    const dependsOn = (one: JsonObject | undefined) => one?.depends_on as string[];
    for (const ofMetallb of [
      resource.kubernetes_daemon_set_v1?.speaker,
      resource.kubernetes_deployment_v1?.controller,
    ]) {
      expect(dependsOn(ofMetallb)).toContain("null_resource.frr-k8s");
    }
    const ofFrrK8s = objects[version]?.filter((address) => /^kubernetes_(daemon_set|deployment)_v1/.test(address));
    expect((gate?.lifecycle as JsonObject).replace_triggered_by).toStrictEqual(ofFrrK8s?.reverse());
    expect(dependsOn(daemon)).toContain("kubernetes_config_map_v1.frr-k8s-frr-startup");
    expect(dependsOn(daemon).filter((one) => /memberlist|null_resource|daemon_set|deployment/.test(one))).toStrictEqual(
      [],
    );
  });

  test(`${fault(250)}: is proven with what the speakers make of the pools`, () => {
    const { locals, resource } = metallbOf(version);
    expect(locals["prove-frr-k8s"]).toBe(literal(scriptText("metallb/prove-frr-k8s")));
    expect(locals["require-frr-k8s"]).toBe(literal(scriptText("metallb/require-frr-k8s")));
    const proven = (resource.null_resource?.rollout?.lifecycle as JsonObject).replace_triggered_by as string[];
    const ofKubernetes = objects[version]?.filter((address) => address.startsWith("kubernetes_")) ?? [];
    expect(ofKubernetes.filter((address) => !proven.includes(address))).toStrictEqual([]);
  });

  const changed = (settings: object): Difference[] => {
    const of = (one: object) => toManifests(metallbOf(version, one).resource);
    return differences(of({}), of(settings));
  };
  const daemon = "DaemonSet frr-k8s-daemon";
  const server = `Deployment ${objects[version]?.find((one) => one.startsWith("kubernetes_deployment"))?.split(".")[1]}`;
  const added = (object: string, path: string, ours: Difference["ours"]): Difference => ({
    object,
    path: `spec.template.${path}`,
    upstream: absent,
    ours,
  });
  const dedicated = { key: "dedicated", operator: "Exists", effect: "NoSchedule" };

  test("has its webhook at the port of nodes that the stack nodes opens, or at none", () => {
    const [pod] = upstreamManifest(version, "frr-k8s")
      .filter(({ kind, metadata }) => kind === "Deployment" && metadata.name !== "controller")
      .map(
        ({ spec }) => (spec as { template: { spec: { hostNetwork?: boolean; containers: object[] } } }).template.spec,
      );
    expect(pod?.hostNetwork ?? false).toBe(hasWebhookOnNodes({ version, bgpType: "frr-k8s" }));
    expect(JSON.stringify(pod?.containers).includes(`"containerPort":${frrK8sWebhookPort}`)).toBe(
      pod?.hostNetwork ?? false,
    );
  });

  test("leaves every object of it as it is where nothing is set", () => {
    expect(changed({ frrk8s: {}, speaker: {}, controller: {} })).toStrictEqual([]);
  });

  test(`${fault(251)}: its daemons run where the speakers do, and its webhook where the controller may`, () => {
    const found = changed({
      speaker: { tolerations: [dedicated], nodeSelector: { rack: "a" } },
      controller: { nodeSelector: { infra: "yes" } },
    }).filter(({ object }) => object.includes("frr-k8s"));
    expect(found).toStrictEqual([
      added(daemon, "spec.nodeSelector", { rack: "a" }),
      added(daemon, "spec.tolerations[2]", dedicated),
      added(server, "spec.nodeSelector", { infra: "yes" }),
    ]);
    const without = changed({ speaker: { tolerateControlPlane: false } }).filter(({ object }) => object === daemon);
    expect(without.map(({ path, ours }) => [path, ours])).toStrictEqual([
      ["spec.template.spec.tolerations[0]", absent],
      ["spec.template.spec.tolerations[1]", absent],
    ]);
  });

  test(`${fault(251)}: the speakers' node affinity holds beside upstream's, and their affinity to pods does not`, () => {
    const of = (settings: object) =>
      (metallbOf(version, settings).resource.kubernetes_daemon_set_v1?.["frr-k8s-daemon"] as never as DaemonSet).spec
        .template.spec.affinity;
    type Term = { readonly match_expressions: readonly object[] };
    interface DaemonSet {
      readonly spec: {
        readonly template: {
          readonly spec: {
            readonly affinity: {
              readonly node_affinity: {
                readonly required_during_scheduling_ignored_during_execution: {
                  readonly node_selector_term: readonly Term[];
                };
              };
            };
          };
        };
      };
    }
    const terms = ({ node_affinity }: ReturnType<typeof of>) =>
      node_affinity.required_during_scheduling_ignored_during_execution.node_selector_term;
    const [upstream] = terms(of({}));
    const rack = { key: "rack", operator: "In", values: ["a"] };
    const nodeSelectorTerms = [{ matchExpressions: [rack] }, {}];
    const own = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } };
    const given = of({ speaker: { affinity: { ...own, podAntiAffinity: affinity.podAntiAffinity } } });
    expect(upstream?.match_expressions).toHaveLength(2);
    expect(terms(given)).toStrictEqual([
      { match_expressions: [...(upstream?.match_expressions ?? []), rack] },
      { match_expressions: upstream?.match_expressions },
    ]);
    expect(Object.keys(given)).toStrictEqual(["node_affinity"]);
  });

  test("what is said of its own program is its alone, and the Services' class is none of its arguments", () => {
    const found = changed({
      loadBalancerClass: "example.org/lb",
      ignoreExcludeLB: true,
      imagePullSecrets: ["registry"],
      frrk8s: {
        logLevel: "debug",
        priorityClassName: "system-node-critical",
        podLabels: { team: "network" },
        resources: { limits: { memory: "256Mi" } },
      },
    }).filter(({ object }) => object.includes("frr-k8s"));
    const daemons = found.filter(({ object }) => object === daemon);
    expect(new Set(found.map(({ object }) => object))).toEqual(new Set([daemon, server]));
    expect(JSON.stringify(found)).not.toMatch(/lb-class|ignore-exclude-lb/);
    expect(daemons).toEqual(
      expect.arrayContaining([
        added(daemon, "metadata.labels.team", "network"),
        added(daemon, "spec.imagePullSecrets", [{ name: "registry" }]),
        added(daemon, "spec.priorityClassName", "system-node-critical"),
        {
          object: daemon,
          path: expect.stringMatching(/^spec\.template\.spec\.containers\[\d\]\.args\[\d\]$/),
          upstream: "--log-level=info",
          ours: "--log-level=debug",
        },
        { object: daemon, path: expect.stringMatching(/resources\.limits\.memory$/), upstream: "128Mi", ours: "256Mi" },
        { object: daemon, path: expect.stringMatching(/resources\.limits\.cpu$/), upstream: "500m", ours: absent },
      ]),
    );
  });

  test("its images are called as cluster.yaml says, and another project's stays where it is", () => {
    const imagesOf = (settings: object): string[] => {
      const { resource } = metallbOf(version, settings);
      const text = JSON.stringify([
        resource.kubernetes_daemon_set_v1?.["frr-k8s-daemon"],
        Object.values(resource.kubernetes_deployment_v1 ?? {}),
      ]);
      return [...new Set([...text.matchAll(/"image":"([^"]+)"/g)].map(([, image]) => image ?? ""))].sort();
    };
    const names = (images: readonly string[]) => images.map((image) => image.replace(/:[^:]*$/, ""));
    const proxy = version.startsWith("0.16") ? [] : ["gcr.io/kubebuilder/kube-rbac-proxy"];
    expect(names(imagesOf({ imageRegistry: "mirror.example.org/metallb" }))).toStrictEqual([
      ...proxy,
      "mirror.example.org/frrouting/frr",
      "mirror.example.org/metallb/controller",
      "mirror.example.org/metallb/frr-k8s",
    ]);
    const digest = `sha256:${"a1".repeat(32)}`;
    const images = {
      frrk8s: { tag: "v9.9.9", digest },
      frr: { repository: "mirror.example.org/frr" },
      kubeRbacProxy: { repository: "registry.k8s.io/kubebuilder/kube-rbac-proxy" },
    };
    const found = imagesOf({ images });
    expect(found).toContain(`quay.io/metallb/frr-k8s:v9.9.9@${digest}`);
    expect(names(found).filter((name) => /proxy|frr$/.test(name))).toStrictEqual([
      "mirror.example.org/frr",
      ...(proxy.length > 0 ? ["registry.k8s.io/kubebuilder/kube-rbac-proxy"] : []),
    ]);
  });

  test("the failure policy that is set is that of MetalLB's webhook alone", () => {
    expect(new Set(changed({ webhookFailurePolicy: "Ignore" }).map(({ object }) => object))).toEqual(
      new Set(["ValidatingWebhookConfiguration metallb-webhook-configuration"]),
    );
  });
});
