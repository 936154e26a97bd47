import { sha256 } from "./release/manifest";
import { memberlistPort } from "../shared/memberlist-port";
import type { AffinityConfig, NodeTerm } from "./schema/affinity";
import type { MetallbConfig } from "./schema/metallb";
import type { PodSettings } from "./schema/pods";

type Json = Readonly<Record<string, unknown>>;

/** What lets a pod run on control-plane nodes, whose taint had another name before Kubernetes 1.24. */
export const controlPlaneTolerations = ["node-role.kubernetes.io/master", "node-role.kubernetes.io/control-plane"].map(
  (key) => ({ key, operator: "Exists", effect: "NoSchedule" }),
);

interface Container extends Json {
  readonly name: string;
  readonly args?: readonly string[];
  readonly env?: readonly ({ readonly name: string } & Json)[];
  readonly ports?: readonly ({
    readonly name?: string;
    readonly containerPort: number;
    readonly hostPort?: number;
  } & Json)[];
}

/** A pod template as far as settings change it, in Kubernetes' own form. */
export interface PodTemplate {
  readonly metadata: { readonly labels?: Json; readonly annotations?: Json };
  readonly spec: Json & {
    readonly nodeSelector?: Json;
    readonly tolerations?: readonly { readonly key?: string }[];
    readonly containers: readonly Container[];
  };
}

/**
 * A pod template of upstream's with the settings of its program, whose container has the name that is given. Where nothing
 * is set it stays as it is.
 */
export function withSettings<Template extends PodTemplate>(
  { metadata, spec, ...rest }: Template,
  ofProgram: string,
  { settings, imagePullSecrets }: { readonly settings: PodSettings; readonly imagePullSecrets: readonly string[] },
): Template {
  const { priorityClassName, runtimeClassName, affinity, resources, tolerateControlPlane = true } = settings;
  const ofControlPlane = controlPlaneTolerations.map(({ key }) => key);
  const kept = (spec.tolerations ?? []).filter(({ key = "" }) => tolerateControlPlane || !ofControlPlane.includes(key));
  const tolerations = [...kept, ...settings.tolerations];
  const annotations = { ...settings.podAnnotations, ...restartAnnotations(settings) };
  return {
    ...rest,
    metadata: {
      ...metadata,
      labels: { ...metadata.labels, ...settings.podLabels },
      ...(metadata.annotations !== undefined || Object.keys(annotations).length > 0
        ? { annotations: { ...metadata.annotations, ...annotations } }
        : {}),
    },
    spec: {
      ...spec,
      ...(spec.nodeSelector !== undefined || Object.keys(settings.nodeSelector).length > 0
        ? { nodeSelector: { ...spec.nodeSelector, ...settings.nodeSelector } }
        : {}),
      ...(tolerations.length > 0 || spec.tolerations !== undefined ? { tolerations } : {}),
      ...(affinity !== undefined && { affinity }),
      ...(priorityClassName !== undefined && { priorityClassName }),
      ...(runtimeClassName !== undefined && { runtimeClassName }),
      ...(imagePullSecrets.length > 0 && { imagePullSecrets: imagePullSecrets.map((name) => ({ name })) }),
      containers: spec.containers.map((container) =>
        container.name === ofProgram
          ? {
              ...withMemberlist(container, settings.memberlist),
              ...(resources !== undefined && { resources: whole(resources) }),
              ...withArguments(container, settings),
            }
          : container,
      ),
    },
  } as unknown as Template;
}

/** What is said of the speakers' DaemonSet beside its template, in Kubernetes' own form; {} where nothing is. */
export const daemonSetSettings = ({
  minReadySeconds,
}: Pick<PodSettings, "minReadySeconds">): {
  readonly minReadySeconds?: number;
} => (minReadySeconds === undefined ? {} : { minReadySeconds });

/** What is said of frr-k8s' pods. */
export type FrrK8sSettings = Pick<MetallbConfig, "frrk8s" | "controller" | "speaker">;

/**
 * The settings of a workload of frr-k8s. Its daemons run where the speakers do, since a node without one announces nothing by
 * BGP; its webhook runs where the controller may.
 */
export function frrK8sPodSettings(
  kind: string,
  { spec }: PodTemplate,
  { frrk8s, controller, speaker }: FrrK8sSettings,
): PodSettings {
  const { podLabels = {}, podAnnotations = {}, logLevel, priorityClassName, resources } = frrk8s ?? {};
  const own = { podLabels, podAnnotations, logLevel, priorityClassName };
  if (kind === "Deployment")
    return { ...own, tolerations: controller.tolerations, nodeSelector: controller.nodeSelector };
  const { tolerations, nodeSelector, affinity, tolerateControlPlane } = speaker;
  const upstream = (spec["affinity"] as AffinityConfig | undefined)?.nodeAffinity;
  return {
    ...own,
    resources,
    tolerations,
    nodeSelector,
    tolerateControlPlane,
    // Not the speakers' affinity to pods, which may keep a speaker's like away from where a speaker is.
    ...(affinity?.nodeAffinity && { affinity: { nodeAffinity: besideUpstreams(affinity.nodeAffinity, upstream) } }),
  };
}

type NodeAffinity = NonNullable<AffinityConfig["nodeAffinity"]>;

/** An affinity with what upstream demands of nodes in each of its terms, of which one is enough for Kubernetes. */
function besideUpstreams(own: NodeAffinity, upstream: NodeAffinity | undefined): NodeAffinity {
  const termsOf = (one: NodeAffinity | undefined): readonly NodeTerm[] =>
    one?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  const demanded = termsOf(upstream).flatMap(({ matchExpressions = [] }) => matchExpressions);
  const terms = termsOf(own).length > 0 ? termsOf(own) : [{}];
  const nodeSelectorTerms = terms.map((term: NodeTerm) => ({
    ...term,
    matchExpressions: [...demanded, ...(term.matchExpressions ?? [])],
  }));
  return { ...own, requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } };
}

/** The variables that a speaker's memberlist is set by, of any version; upstream: speaker/main.go. */
const memberlistVariables = {
  all: "METALLB_ML_",
  address: "METALLB_ML_BIND_ADDR",
  port: "METALLB_ML_BIND_PORT",
} as const;

/** A speaker's container with what is said of its memberlist. As upstream has it where nothing is said. */
function withMemberlist(container: Container, memberlist: PodSettings["memberlist"]): Container {
  if (memberlist === undefined) return container;
  const { enabled, bindAddress, bindPort } = memberlist;
  const { env = [], ports } = container;
  const isOurs = ({ name = "" }) => name.startsWith("memberlist-");
  if (!enabled) {
    return {
      ...container,
      env: env.filter(({ name }) => !name.startsWith(memberlistVariables.all)),
      ...(ports && { ports: ports.filter((one) => !isOurs(one)) }),
    };
  }
  return {
    ...container,
    env: [
      ...env.map((one) =>
        one.name === memberlistVariables.address && bindAddress !== undefined
          ? { name: one.name, value: bindAddress }
          : one,
      ),
      ...(bindPort === memberlistPort ? [] : [{ name: memberlistVariables.port, value: String(bindPort) }]),
    ],
    ...(ports && {
      // The host's port only where it is written: see hostPorts of constructs/pod-template.ts.
      ports: ports.map((one) =>
        isOurs(one)
          ? { ...one, containerPort: bindPort, ...(one.hostPort !== undefined && { hostPort: bindPort }) }
          : one,
      ),
    }),
  };
}

/** What a speaker reads at its start alone, and is not in its template. */
const restartAnnotations = ({ excludeInterfaces }: PodSettings): Json =>
  excludeInterfaces === undefined
    ? {}
    : { "baremetal-lb/excluded-interfaces": sha256(JSON.stringify(excludeInterfaces)) };

/** Both written in any case: what the provider finds not written it leaves as it is in the cluster. */
const whole = ({ limits = {}, requests = {} }: NonNullable<PodSettings["resources"]>) => ({ limits, requests });

/** A program's arguments with those that are said; upstream's log level is in the place of another. */
function withArguments({ args = [] }: Container, { logLevel, gratuitousARPIntervalSeconds }: PodSettings) {
  const said = [
    ...(logLevel === undefined ? [] : [`--log-level=${logLevel}`]),
    ...(gratuitousARPIntervalSeconds === undefined
      ? []
      : [`--gratuitous-arp-interval=${gratuitousARPIntervalSeconds}`]),
  ];
  const kept = logLevel === undefined ? args : args.filter((one) => !one.startsWith("--log-level="));
  return said.length > 0 && { args: [...kept, ...said] };
}
