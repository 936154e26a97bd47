import { MetallbStack } from "../../../../stacks/metallb/metallb-stack";
import { parse } from "yaml";
import { sha256 } from "../../../../stacks/metallb/release/manifest";
import { usesCustomResources } from "../../../../stacks/metallb/release/releases";
import { fault } from "../../../faults";
import { cluster, clusterInput } from "../../../cluster-fixture";
import { synthesisedOnce } from "../../../synthesised";
import { affinity } from "../affinity";
import { upstreamManifest } from "../upstream-manifest";
import { absent, type Difference, differences } from "./compare";
import { toManifests } from "./to-manifest";

const versions = ["0.9.6", "0.12.1", "0.13.12", "0.15.2", "0.16.2"] as const;

type Version = (typeof versions)[number];

function objectsOf(version: Version, settings: object, bgpType = "native") {
  const config = cluster({ metallb: { ...clusterInput.metallb, version, bgpType, ...settings } });
  const manifest = usesCustomResources(version) ? upstreamManifest(version, config.metallb.bgpType) : undefined;
  return toManifests(synthesisedOnce(MetallbStack, "metallb", { ...config, manifest }).resource);
}

/** What the settings change in the objects, by their paths. */
const changed = (version: Version, settings: object, bgpType = "native"): Difference[] =>
  differences(objectsOf(version, {}, bgpType), objectsOf(version, settings, bgpType));

const speaker = "DaemonSet speaker";
const controller = "Deployment controller";
const template = "spec.template";
const dedicated = { key: "dedicated", operator: "Equal", value: "lb", effect: "NoSchedule" };

/** Something that is there and was not. */
const added = (object: string, path: string, ours: Difference["ours"]): Difference => ({
  object,
  path: `${template}.${path}`,
  upstream: absent,
  ours,
});

describe.each(versions)("settings of the pods of MetalLB %s", (version) => {
  test("none leave every object as it is", () => {
    expect(changed(version, { controller: {}, speaker: {}, imagePullSecrets: [] })).toStrictEqual([]);
  });

  test("tolerations come behind upstream's", () => {
    const settings = { tolerations: [dedicated] };
    expect(changed(version, { controller: settings, speaker: settings })).toStrictEqual([
      added(speaker, "spec.tolerations[2]", dedicated),
      added(controller, "spec.tolerations", [dedicated]),
    ]);
  });

  test("a speaker need not tolerate the control plane's taint", () => {
    const found = changed(version, { speaker: { tolerateControlPlane: false, tolerations: [dedicated] } });
    expect(found.map(({ path }) => path)).toContain(`${template}.spec.tolerations[1]`);
    expect(found.map(({ ours }) => ours)).toContain(absent);
    expect(JSON.stringify(found.map(({ ours }) => ours))).not.toContain("node-role");
  });

  test.each([
    ["speaker", speaker],
    ["controller", controller],
  ])("what is said of the %s's pods changes them alone", (component, object) => {
    const settings = {
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      priorityClassName: "system-cluster-critical",
      runtimeClassName: "kata",
      podLabels: { team: "network" },
      // Terraform is not to evaluate it.
      podAnnotations: { "example.org/note": "${text}" },
    };
    expect(changed(version, { [component]: settings })).toStrictEqual([
      added(object, 'metadata.annotations["example.org/note"]', "$${text}"),
      added(object, "metadata.labels.team", "network"),
      added(object, 'spec.nodeSelector["kubernetes.io/arch"]', "amd64"),
      added(object, "spec.priorityClassName", "system-cluster-critical"),
      added(object, "spec.runtimeClassName", "kata"),
    ]);
  });

  test("an affinity is Kubernetes' own, whole", () => {
    expect(changed(version, { speaker: { affinity }, controller: { affinity } })).toStrictEqual([
      added(speaker, "spec.affinity", affinity),
      added(controller, "spec.affinity", affinity),
    ]);
  });

  test(`${fault(275)}: how long a speaker is to be ready is said of their DaemonSet alone`, () => {
    const minReadySeconds = { object: speaker, path: "spec.minReadySeconds", upstream: absent, ours: 20 };
    expect(changed(version, { speaker: { minReadySeconds: 20 } })).toStrictEqual([minReadySeconds]);
  });

  test("images are pulled with the Secrets", () => {
    expect(changed(version, { imagePullSecrets: ["registry"] })).toStrictEqual([
      added(speaker, "spec.imagePullSecrets", [{ name: "registry" }]),
      added(controller, "spec.imagePullSecrets", [{ name: "registry" }]),
    ]);
  });
});

describe.each(versions)("the memberlist of MetalLB %s", (version) => {
  const container = usesCustomResources(version) ? "\\d" : "0";
  const inContainer = (rest: string) =>
    expect.stringMatching(new RegExp(`^spec\\.template\\.spec\\.containers\\[${container}\\]\\.${rest}$`));

  test(`${fault(196)}: another port is the variable's and the ports', and another address in place of the pod's`, () => {
    const found = changed(version, { speaker: { memberlist: { bindPort: 7947, bindAddress: "0.0.0.0" } } });
    const ofPorts = {
      object: speaker,
      path: inContainer("ports\\[\\d\\]\\.containerPort"),
      upstream: 7946,
      ours: 7947,
    };
    expect(found).toStrictEqual([
      { object: speaker, path: inContainer("env\\[\\d\\]\\.value"), upstream: absent, ours: "0.0.0.0" },
      {
        object: speaker,
        path: inContainer("env\\[\\d\\]\\.valueFrom"),
        upstream: { fieldRef: { fieldPath: "status.podIP" } },
        ours: absent,
      },
      {
        object: speaker,
        path: inContainer("env\\[\\d\\]"),
        upstream: absent,
        ours: { name: "METALLB_ML_BIND_PORT", value: "7947" },
      },
      ...(version === "0.9.6" ? [] : [ofPorts, ofPorts]),
    ]);
  });

  test("what is upstream's own changes nothing", () => {
    expect(changed(version, { speaker: { memberlist: { enabled: true, bindPort: 7946 } } })).toStrictEqual([]);
  });

  test(`${fault(196)}: without it the speaker has none of its variables and ports`, () => {
    const found = changed(version, { speaker: { memberlist: { enabled: false } } });
    expect(new Set(found.map(({ object }) => object))).toStrictEqual(new Set([speaker]));
    const left = JSON.stringify(objectsOf(version, { speaker: { memberlist: { enabled: false } } }));
    expect(left).toContain("METALLB_NODE_NAME");
    expect(left).not.toContain("METALLB_ML_BIND_ADDR");
    expect(left).not.toContain("METALLB_ML_LABELS");
    expect(left).not.toContain("METALLB_ML_SECRET_KEY");
    expect(left).not.toContain("7946");
  });
});

test("resources are whole: {} takes the limits of 0.9 away", () => {
  const path = `${template}.spec.containers[0].resources`;
  expect(changed("0.9.6", { speaker: { resources: {} } })).toStrictEqual([
    { object: speaker, path: `${path}.limits.cpu`, upstream: "100m", ours: absent },
    { object: speaker, path: `${path}.limits.memory`, upstream: "100Mi", ours: absent },
    added(speaker, "spec.containers[0].resources.requests", {}),
  ]);
  const limits = { memory: "256Mi" };
  const of015 = changed("0.15.2", { controller: { resources: { limits } } });
  expect(of015).toStrictEqual([added(controller, "spec.containers[0].resources", { limits, requests: {} })]);
});

test("the log level takes the place of upstream's, and FRR's containers have none", () => {
  const change = { upstream: "--log-level=info", ours: "--log-level=debug" };
  expect(changed("0.15.2", { speaker: { logLevel: "debug" } }, "frr")).toStrictEqual([
    { object: speaker, path: expect.stringMatching(/\.containers\[\d\]\.args\[1\]$/), ...change },
  ]);
  for (const version of ["0.12.1", "0.16.2"] as const) {
    expect(changed(version, { controller: { logLevel: "debug" } })).toStrictEqual([
      { object: controller, path: expect.stringMatching(/\.containers\[0\]\.args\[\d\]$/), ...change },
    ]);
  }
});

test("how long a speaker is to be ready is nothing of frr-k8s' daemons", () => {
  const found = changed("0.16.2", { speaker: { minReadySeconds: 20 } }, "frr-k8s");
  expect(found.map(({ object, path }) => [object, path])).toStrictEqual([[speaker, "spec.minReadySeconds"]]);
});

test("how often the speakers announce again is an argument of theirs alone, beside a log level", () => {
  const speakerSettings = { gratuitousARPIntervalSeconds: 60, logLevel: "debug" };
  expect(
    changed("0.16.2", { speaker: speakerSettings }, "frr").map(({ object, ours }) => [object, ours]),
  ).toStrictEqual([
    [speaker, "--log-level=debug"],
    [speaker, "--gratuitous-arp-interval=60"],
  ]);
});

test.each([
  ["0.13.12", "native"],
  ["0.15.2", "frr"],
  ["0.16.2", "frr"],
] as const)(
  "the loadBalancerClass is an argument of both programs of MetalLB %s (%s), and of no other",
  (version, bgpType) => {
    const argument = (object: string) => ({
      object,
      path: expect.stringMatching(/^spec\.template\.spec\.containers\[\d\]\.args\[\d\]$/),
      upstream: absent,
      ours: "--lb-class=example.org/lb",
    });
    expect(changed(version, { loadBalancerClass: "example.org/lb" }, bgpType)).toStrictEqual([
      argument(speaker),
      argument(controller),
    ]);
  },
);

test.each(["0.9.6", "0.12.1", "0.15.2"] as const)(
  "images of MetalLB %s by digest, one of them from elsewhere",
  (version) => {
    const digest = `sha256:${"a1".repeat(32)}`;
    const images = {
      controller: { repository: "mirror.example.org/lb" },
      speaker: { tag: `v${version}`, digest },
    };
    const registry = version === "0.9.6" ? "docker.io/metallb" : "quay.io/metallb";
    const path = "spec.template.spec.containers[0].image";
    expect(changed(version, { images })).toStrictEqual([
      {
        object: speaker,
        path,
        upstream: `${registry}/speaker:v${version}`,
        ours: `${registry}/speaker:v${version}@${digest}`,
      },
      {
        object: controller,
        path,
        upstream: `${registry}/controller:v${version}`,
        ours: `mirror.example.org/lb:v${version}`,
      },
    ]);
  },
);

describe.each(["0.13.12", "0.15.2", "0.16.2"] as const)(
  "settings of MetalLB %s that upstream has in objects",
  (version) => {
    test(`${fault(195)}: interfaces that are excluded take the place of upstream's list, and replace the speakers`, () => {
      const excludeInterfaces = ["^docker.*", "^kube-ipvs.*", "^wg\\d+$"];
      const found = changed(version, { speaker: { excludeInterfaces } });
      expect(found).toStrictEqual([
        {
          object: "ConfigMap metallb-excludel2",
          path: 'data["excludel2.yaml"]',
          upstream: expect.stringMatching(/^announcedInterfacesToExclude: \["\^docker\.\*", .*"\^kube-ipvs\.\*"/),
          ours: 'announcedInterfacesToExclude: ["^docker.*","^kube-ipvs.*","^wg\\\\d+$"]\n',
        },
        added(
          speaker,
          'metadata.annotations["baremetal-lb/excluded-interfaces"]',
          sha256('["^docker.*","^kube-ipvs.*","^wg\\\\d+$"]'),
        ),
      ]);
      const text = (found[0]?.ours ?? "") as string;
      expect(parse(text)).toStrictEqual({ announcedInterfacesToExclude: excludeInterfaces });
      expect(changed(version, { speaker: { excludeInterfaces: [] } })[0]?.ours).toBe(
        "announcedInterfacesToExclude: []\n",
      );
    });

    test("the webhook's failure policy is that of all its webhooks", () => {
      const found = changed(version, { webhookFailurePolicy: "Ignore" });
      const webhooks = upstreamManifest(version).find(({ kind }) => kind === "ValidatingWebhookConfiguration")?.[
        "webhooks"
      ] as readonly object[];
      expect(found).toStrictEqual(
        webhooks.map((_, index) => ({
          object: "ValidatingWebhookConfiguration metallb-webhook-configuration",
          path: `webhooks[${index}].failurePolicy`,
          upstream: "Fail",
          ours: "Ignore",
        })),
      );
      expect(changed(version, { webhookFailurePolicy: "Fail" })).toStrictEqual([]);
    });
  },
);
