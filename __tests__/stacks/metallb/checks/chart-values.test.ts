import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { type MetallbVersion, metallbVersions, usesCustomResources } from "../../../../stacks/metallb/release/releases";
import {
  chartValues,
  chartValuesOfController,
  chartValuesOfFrrK8s,
  chartValuesOfMemberlist,
  chartValuesOfSpeaker,
} from "../../../../stacks/metallb/schema/chart-values";
import { fault } from "../../../faults";
import { upstreamFolder } from "../upstream-manifest";
import { problemsOf } from "./newer-metallb";

type Values = Readonly<Record<string, unknown>>;

const valuesOf = (version: MetallbVersion) =>
  parse(readFileSync(join(upstreamFolder(version), "charts", "metallb", "values.yaml"), "utf8")) as Values;

const programs = ["controller", "speaker"];

/** Every value of a chart that has a name of its own, with its default: "prometheus", "speaker.frr". */
const settings = (values: Values): (readonly [path: readonly string[], value: unknown])[] =>
  Object.entries(values).flatMap(([key, value]): (readonly [string[], unknown])[] =>
    programs.includes(key)
      ? Object.entries(value as Values).map(([below, one]) => [[key, below], one])
      : [[[key], value]],
  );

const known: Readonly<Record<string, typeof chartValues>> = {
  "": chartValues,
  controller: chartValuesOfController,
  speaker: chartValuesOfSpeaker,
};

/** same: cluster.yaml has the key. elsewhere: it has another one for it. none: it cannot be said, for a reason. */
function standing(version: MetallbVersion, path: readonly string[], value: unknown): string {
  const section = path.reduceRight<unknown>((below, key) => ({ [key]: below }), value) as object;
  const found = problemsOf({ version, bgpType: "native", ...section }).filter((text) =>
    text.includes("the unknown key"),
  );
  if (found.length === 0) return "same";
  const remedies = found.map((text) => text.split("; ").slice(2).join("; "));
  const [key = "", program = ""] = [...path].reverse();
  const below = { memberlist: chartValuesOfMemberlist, frrk8s: chartValuesOfFrrK8s }[key];
  if (below !== undefined) {
    const given = Object.keys(value as Values).flatMap((name) => below[name]?.remedy ?? []);
    expect(remedies).toStrictEqual(given);
    return "elsewhere";
  }
  // Where no name is known the remedy is a guess, or to remove the key.
  if (remedies.join() !== known[program]?.[key]?.remedy) return `unknown: ${remedies.join(" | ")}`;
  return remedies.join().startsWith("remove it: ") ? "none" : "elsewhere";
}

const ofBoth = (name: string, is: string) => programs.map((program) => [`${program}.${name}`, is] as const);

describe(`${fault(139)}: each value of upstream's Helm chart`, () => {
  test("has its key, or another one, or the reason why it has none", () => {
    const found = new Map<string, Set<string>>();
    for (const version of metallbVersions.filter(usesCustomResources)) {
      for (const [path, value] of settings(valuesOf(version))) {
        const key = path.join(".");
        found.set(key, (found.get(key) ?? new Set()).add(standing(version, path, value)));
      }
    }
    expect(Object.fromEntries([...found].map(([key, all]) => [key, [...all].join(" ")]))).toEqual(
      Object.fromEntries([
        ...["imagePullSecrets", "loadBalancerClass"].map((key) => [key, "same"] as const),
        ...["nameOverride", "fullnameOverride", "rbac", "networkpolicies", "tls"].map((key) => [key, "none"] as const),
        // Of frrk8s, too, the keys below have other names.
        ...["crds", "frrk8s", "frr-k8s", "prometheus"].map((key) => [key, "elsewhere"] as const),
        ...["logLevel", "resources", "nodeSelector", "tolerations", "affinity"].flatMap((key) => ofBoth(key, "same")),
        ...["priorityClassName", "runtimeClassName", "podAnnotations"].flatMap((key) => ofBoth(key, "same")),
        ...["image", "labels"].flatMap((key) => ofBoth(key, "elsewhere")),
        ...["enabled", "serviceAccount", "securityContext", "livenessProbe", "readinessProbe"].flatMap((key) =>
          ofBoth(key, "none"),
        ),
        ...["extraContainers", "revisionHistoryLimit"].flatMap((key) => ofBoth(key, "none")),
        ...["strategy", "tlsMinVersion", "tlsCipherSuites", "webhookMode"].map(
          (key) => [`controller.${key}`, "none"] as const,
        ),
        // Its keys have other names: below.
        ["speaker.memberlist", "elsewhere"],
        // Of the chart's own form, which has enabled below it, it says how the list is written.
        ["speaker.excludeInterfaces", "same"],
        ...["ignoreExcludeLB", "tolerateMaster", "frr", "gratuitousARPInterval"].map(
          (key) => [`speaker.${key}`, "elsewhere"] as const,
        ),
        ...["startupProbe", "updateStrategy", "frrMetrics", "reloader"].map(
          (key) => [`speaker.${key}`, "none"] as const,
        ),
        ...["initContainers", "bgpDebounceTimeout"].map((key) => [`speaker.${key}`, "none"] as const),
      ]),
    );
  }, 180_000);

  test("that cluster.yaml has under another name is taken as it is", () => {
    const problems = problemsOf({
      version: "0.15.2",
      controller: { labels: { component: "x" } },
      speaker: { tolerateMaster: "no" },
    });
    expect(problems.map((text) => text.replace(/expected one of [^;]*; /, ""))).toStrictEqual([
      'controller.labels: given the unknown key "labels"; write podLabels',
      'controller.labels.component: given "x"; expected another label: by app and component MetalLB\'s own objects find the pods; remove it, or give it another name',
      'speaker.tolerateMaster: given the unknown key "tolerateMaster"; write tolerateControlPlane',
      'speaker.tolerateMaster: given "no"; expected true or false; write true or false, without quotes',
    ]);
  });

  test(`${fault(260)}: Bitnami's chart has names of its own, none of which is lost without a word`, () => {
    const of = (metallb: object) =>
      problemsOf({ version: "0.15.2", ...metallb }).map((text) => text.replace(/expected one of [^;]*; /, ""));
    const manifest = "as upstream's manifest has it";
    expect(
      of({
        global: { imageRegistry: "harbor.example.org" },
        prometheusRule: { enabled: true },
        extraDeploy: [],
        controller: { containerSecurityContext: {}, podAntiAffinityPreset: "soft" },
        speaker: { secretName: "bgp", metrics: { enabled: true } },
      }),
    ).toStrictEqual([
      'global: given the unknown key "global"; write imageRegistry, with the path metallb behind it, and imagePullSecrets',
      'prometheusRule: given the unknown key "prometheusRule"; write monitoring: rules',
      'extraDeploy: given the unknown key "extraDeploy"; put MetalLB\'s own objects into files of resources, and others into a place of their own',
      `controller.containerSecurityContext: given the unknown key "containerSecurityContext"; remove it: what its containers may do stays ${manifest}`,
      'controller.podAntiAffinityPreset: given the unknown key "podAntiAffinityPreset"; write affinity',
      'speaker.secretName: given the unknown key "secretName"; remove it: the stacks make the Secret memberlist; memberlistKey says where its key is kept',
      'speaker.metrics: given the unknown key "metrics"; write metallb.monitoring: scrapeAnnotations, serviceMonitors, rules',
    ]);
  });

  test.each([
    [{ priorityClassName: "" }, "priorityClassName", '""', "PriorityClass"],
    [{ runtimeClassName: null }, "runtimeClassName", "nothing", "RuntimeClass"],
  ])(`${fault(260)}: %j, by which the chart says that there is none`, (speaker, key, given, kind) => {
    expect(problemsOf({ version: "0.15.2", speaker })).toStrictEqual([
      `speaker.${key}: given ${given}; expected the name of a ${kind} of the cluster; write a name that kubectl get ${kind.toLowerCase()} shows, or remove the key for none`,
    ]);
  });

  test(`${fault(260)}: Secrets for images as the chart and Kubernetes write them`, () => {
    const secrets = ["a".repeat(70), { name: "registry" }];
    expect(problemsOf({ version: "0.15.2", imagePullSecrets: secrets })).toStrictEqual([
      "imagePullSecrets[1]: given a mapping; expected the name of a Secret in metallb-system, as text; write its name alone, - NAME, with no mapping around it",
    ]);
  });

  test("stands in the document about them", () => {
    const text = readFileSync(join(__dirname, "../../../../docs/helm-values.md"), "utf8");
    const keys = Object.values(known).flatMap((ofPlace) => Object.keys(ofPlace));
    expect(keys.filter((key) => !new RegExp(`[\`.]${key}\``).test(text))).toStrictEqual([]);
  });

  test("frr-k8s' own stand below frrk8s, but for where its pods run", () => {
    const problems = problemsOf({
      version: "0.16.2",
      bgpType: "frr-k8s",
      frrk8s: { enabled: true, tolerations: [], image: { tag: "v0.0.27" }, labels: { team: "network" } },
    });
    expect(problems.map((text) => text.replace(/expected one of [^;]*; /, ""))).toStrictEqual([
      'frrk8s.enabled: given the unknown key "enabled"; write metallb.bgpType: frr-k8s',
      'frrk8s.tolerations: given the unknown key "tolerations"; write it below speaker: frr-k8s runs where the speakers do',
      'frrk8s.image: given the unknown key "image"; write it below metallb.images: frrk8s, frr, kubeRbacProxy',
      'frrk8s.labels: given the unknown key "labels"; write podLabels',
    ]);
  });
});
