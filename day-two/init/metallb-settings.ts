import type { V1Container, V1PodTemplateSpec } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { isDeepStrictEqual } from "node:util";
import type { ZodType } from "zod";
import { type Component, components } from "../../stacks/metallb/release/component";
import { imageParts } from "../../stacks/metallb/release/image-parts";
import { frrImageRegistry, imageRegistry } from "../../stacks/metallb/release/images";
import { type BgpType, type MetallbVersion, usesCustomResources } from "../../stacks/metallb/release/releases";
import { objectsHave } from "../../stacks/metallb/release/written-objects";
import { controlPlaneTolerations } from "../../stacks/metallb/pod-settings";
import { logLevels, speakerSchema } from "../../stacks/metallb/schema/pods";
import { isSince } from "../../values/versions";
import { bgpTypeOf } from "../metallb/running-version";
import { given, type Mapping, type Note, type Written } from "./note";

/** A MetalLB's two workloads as they are in the cluster. */
export interface LiveWorkloads {
  readonly controller?: V1PodTemplateSpec;
  readonly speaker?: V1PodTemplateSpec;
  /** Of the speakers' DaemonSet; absent where it has none. */
  readonly minReadySeconds?: number;
  /** The class of the Services that they look after. */
  readonly loadBalancerClass?: string;
}

export interface SettingsOptions {
  /** The version that runs. */
  readonly running: string;
  /** The one to declare. */
  readonly declared: MetallbVersion;
  /** Whether there is no node but control-plane nodes: the stacks then let the controller run there. */
  readonly controlPlaneOnly: boolean;
}

/** What is set of MetalLB beside its pools, as far as it is not as upstream's manifests have it. */
export function writtenSettings(live: LiveWorkloads, options: SettingsOptions): Written<Mapping> {
  const notes: Note[] = [];
  const { declared } = options;
  const newer = usesCustomResources(declared);
  const bgpType = newer ? writtenBgpType(live.speaker, notes) : undefined;
  const images = imagesOf(live, options, notes);
  const ofPods = Object.fromEntries(
    components.map((component) => {
      const template = live[component];
      const settings = template === undefined ? {} : programSettings(component, template, { ...options, live }, notes);
      return [component, Object.keys(settings).length > 0 ? settings : undefined];
    }),
  );
  const secrets = components.flatMap((component) => live[component]?.spec?.imagePullSecrets ?? []);
  const names = [...new Set(secrets.flatMap(({ name }) => name ?? []))];
  const ignores = isSince(declared, "0.14.4") && hasFlag(live.speaker, "ignore-exclude-lb");
  return {
    value: given({
      bgpType: bgpType === "native" ? undefined : bgpType,
      ...images,
      ignoreExcludeLB: ignores ? true : undefined,
      loadBalancerClass: newer ? live.loadBalancerClass : undefined,
      ...ofPods,
      imagePullSecrets: names.length > 0 ? names : undefined,
    }),
    notes,
  };
}

const containersOf = (template: V1PodTemplateSpec | undefined): readonly V1Container[] =>
  template?.spec?.containers ?? [];

const containerOf = (template: V1PodTemplateSpec | undefined, name: string): V1Container | undefined =>
  containersOf(template).find((one) => one.name === name);

/** The program's own container, which a chart of somebody else may call otherwise. */
const mainContainer = (template: V1PodTemplateSpec | undefined, component: Component): V1Container | undefined =>
  containerOf(template, component) ??
  (containersOf(template).length === 1 ? containersOf(template)[0] : undefined) ??
  containersOf(template).find(({ name }) => name.endsWith(component));

/** How BGP is done; of frr-k8s with what is not read of it. */
function writtenBgpType(speaker: V1PodTemplateSpec | undefined, notes: Note[]): BgpType {
  const bgpType = bgpTypeOf(speaker);
  if (bgpType !== "frr-k8s") return bgpType;
  const { env = [], args = [] } = mainContainer(speaker, "speaker") ?? {};
  // Upstream: frrk8s-namespace in speaker/main.go.
  const namespace =
    args.map((argument) => /^--?frrk8s-namespace=(.+)$/.exec(argument)?.[1]).find(Boolean) ??
    env.find(({ name }) => name === "FRRK8S_NAMESPACE")?.value;
  const text =
    namespace === undefined
      ? "BGP is done by frr-k8s, whose own images and settings are not read: write metallb.images and metallb.frrk8s by hand, or the first plan makes them upstream's."
      : `BGP is done by the frr-k8s in the namespace ${namespace}; the stacks do not use that one, and make another in MetalLB's.`;
  notes.push({ path: ["metallb"], text });
  return bgpType;
}

/** An argument as Go's flags may be written: --name, --name=true, -name. */
const hasFlag = (template: V1PodTemplateSpec | undefined, name: string): boolean =>
  containersOf(template)
    .flatMap(({ args = [] }) => args)
    .some((argument) => new RegExp(`^--?${name}(=true)?$`).test(argument));

/** Where images come from, and what they are called, where that is otherwise than upstream's. */
function imagesOf(live: LiveWorkloads, { running, declared }: SettingsOptions, notes: Note[]): Mapping {
  const upstream = imageRegistry({ version: declared });
  const ofProgram = components.map((component) => {
    const image = mainContainer(live[component], component)?.image;
    return { component, ...(image === undefined ? {} : imageParts(image)) };
  });
  const registries = ofProgram.map(({ component, repository }) => registryOf(repository, component));
  const [registry] = registries;
  const common = registry !== undefined && registries.every((one) => one === registry) ? registry : undefined;
  const taken = common ?? upstream;
  const images = ofProgram.map(({ component, repository, tag, digest }) => {
    // Tag and digest are those of the version that runs.
    const isSame = running === declared && tag?.startsWith(`v${declared}`) === true;
    if (running === declared && tag !== undefined && !isSame) {
      const text = `The ${component}'s image has the tag ${tag}; here a tag begins with v${declared}, and so it is declared.`;
      notes.push({ path: ["metallb"], text });
    }
    return [
      component,
      orNothing({
        repository: repository === undefined || repository === `${taken}/${component}` ? undefined : repository,
        tag: isSame && (tag !== `v${declared}` || digest !== undefined) ? tag : undefined,
        digest: isSame ? digest : undefined,
      }),
    ] as const;
  });
  const frr = containerOf(live.speaker, "frr")?.image;
  const ofFrr = frr === undefined ? undefined : registryOf(imageParts(frr).repository, "frr");
  const mirror = common === undefined || common === upstream ? {} : { imageRegistry: common };
  const expectedFrr = frrImageRegistry(mirror) ?? "quay.io/frrouting";
  return given({
    ...mirror,
    frrImageRegistry: ofFrr === undefined || ofFrr === expectedFrr ? undefined : ofFrr,
    images: orNothing(Object.fromEntries(images)),
  });
}

const registryOf = (repository: string | undefined, name: string): string | undefined =>
  repository?.endsWith(`/${name}`) === true ? repository.slice(0, -name.length - 1) : undefined;

/** The mapping without what is undefined; undefined where nothing is left. */
const orNothing = (mapping: Mapping): Mapping | undefined =>
  Object.keys(given(mapping)).length > 0 ? given(mapping) : undefined;

/** Labels and annotations of pods that upstream, its chart, kubectl and these stacks write. */
const ownLabels = /^(app|component|app\.kubernetes\.io\/.*|helm\.sh\/.*)$/;
const ownAnnotations = /^(prometheus\.io\/.*|checksum\/.*|kubectl\.kubernetes\.io\/.*|baremetal-lb\/.*)$/;

const upstreamNodeSelector = /^(beta\.)?kubernetes\.io\/os$/;

/** The limits of MetalLB 0.9's containers; later ones have none. */
const limitsOf09 = { limits: { cpu: "100m", memory: "100Mi" } };

function programSettings(
  component: Component,
  { metadata, spec }: V1PodTemplateSpec,
  { declared, running, controlPlaneOnly, live }: SettingsOptions & { readonly live: LiveWorkloads },
  notes: Note[],
): Mapping {
  const container = mainContainer({ spec }, component);
  const keys = controlPlaneTolerations.map(({ key }) => key);
  const ofControlPlane = (spec?.tolerations ?? []).filter(
    ({ key = "", effect }) => keys.includes(key) && effect === "NoSchedule",
  );
  const isUpstreams = component === "speaker" || controlPlaneOnly;
  const tolerations = (spec?.tolerations ?? []).filter((one) => !(isUpstreams && ofControlPlane.includes(one)));
  const without = (mapping: Readonly<Record<string, string>> | undefined, own: RegExp) =>
    orNothing(Object.fromEntries(Object.entries(mapping ?? {}).filter(([key]) => !own.test(key))));
  const settings = {
    tolerateControlPlane: component === "speaker" && ofControlPlane.length === 0 ? false : undefined,
    minReadySeconds: component === "speaker" ? live.minReadySeconds : undefined,
    logLevel: objectsHave(declared, "logLevel") ? logLevelOf(container) : undefined,
    tolerations: tolerations.length > 0 ? tolerations : undefined,
    nodeSelector: without(spec?.nodeSelector, upstreamNodeSelector),
    affinity: spec?.affinity === undefined ? undefined : orNothing(spec.affinity as Mapping),
    resources: resourcesOf(container, objectsHave(declared, "noLimits"), objectsHave(running, "noLimits")),
    priorityClassName: spec?.priorityClassName,
    runtimeClassName: spec?.runtimeClassName,
    podLabels: without(metadata?.labels, ownLabels),
    podAnnotations: without(metadata?.annotations, ownAnnotations),
  };
  // What the schema does not take, such as a quantity in another notation, would be an error of a file nobody wrote.
  return Object.fromEntries(
    Object.entries(given(settings)).filter(([key, value]) => {
      const schema: ZodType = speakerSchema.shape[key as keyof typeof settings];
      if (schema.safeParse(value).success) return true;
      const text = `${key} of the ${component}'s pods cannot be said here as it is: write metallb.${component}.${key} by hand, or the first plan changes it.`;
      notes.push({ path: ["metallb"], text });
      return false;
    }),
  );
}

function logLevelOf(container: V1Container | undefined): string | undefined {
  const level = (container?.args ?? []).map((argument) => /^--?log-level=(.*)$/.exec(argument)?.[1]).find(Boolean);
  return level === "info" || !logLevels.some((one) => one === level) ? undefined : level;
}

/** The container's resources, where they are not those that the declared version has by itself. */
function resourcesOf(container: V1Container | undefined, newer: boolean, runsNewer: boolean): Mapping | undefined {
  const { limits, requests } = container?.resources ?? {};
  const found = given({
    limits: limits && Object.keys(limits).length > 0 ? limits : undefined,
    requests: requests && Object.keys(requests).length > 0 ? requests : undefined,
  });
  // Those of 0.9 that nobody chose are not carried over to a version that has none.
  const isUpstreams = isDeepStrictEqual(found, !runsNewer ? limitsOf09 : {});
  if (container === undefined || isUpstreams) return undefined;
  return !newer || Object.keys(found).length > 0 ? found : undefined;
}
