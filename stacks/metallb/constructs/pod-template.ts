import type { ITerraformDependable } from "cdktf";
import { type Component, componentLabels } from "../release/component";
import { componentImage, type ComponentImages } from "../release/images";
import { type PodTemplate, withSettings } from "../pod-settings";
import { objectsHave } from "../release/written-objects";
import type { PodSettings } from "../schema/pods";
import { configMapName } from "./config-map";
import { fieldsOf } from "./provider-fields";

export interface WorkloadProps extends ComponentImages {
  /** What must exist before the first pod starts: permissions, policies, the memberlist key, the configuration. */
  readonly dependsOn: readonly ITerraformDependable[];
  /**
   * A value whose change restarts the pods. Running ones refuse a configuration without an address that is in use; those
   * that start take it (internal/allocator: SetPools; speaker/main.go: SetConfig). @default a change restarts nothing
   */
  readonly restartOn?: string;
  /** What is said of the pods. @default as upstream has them */
  readonly settings?: PodSettings;
  /** Secrets in MetalLB's namespace that the images are pulled with. @default none */
  readonly imagePullSecrets?: readonly string[];
}

export interface SpeakerProps extends WorkloadProps {
  /**
   * Whether the API server fills in the host's ports in the template: below Kubernetes 1.28. They are written there, since
   * every plan would take them out again, and nowhere else: a port that is added restarts the speakers.
   */
  readonly hostPorts: boolean;
  /** What changes with the memberlist's key. @default a key that changes restarts nothing */
  readonly restartOnKey?: string | undefined;
}

/** The annotation of a pod template that restarts its pods. */
export const restartAnnotations = (restartOn: string | undefined): Record<string, string> =>
  restartOn === undefined ? {} : { "baremetal-lb/config-hash": restartOn };

/**
 * The annotation of the speakers' template that restarts them with another key of the memberlist. SpeakerRestart does it
 * sooner; this one also restarts them when the key comes back into the state, and the annotation goes.
 */
export const keyAnnotation = "baremetal-lb/memberlist-secret";

/** The port of MetalLB's metrics. The speaker uses the host's network, so it is a port of every node. */
export const monitoringPort = 7472;

/** What the pods of both programs have in their metadata. */
export const podMetadata = (component: Component, annotations: Readonly<Record<string, string>> = {}) => ({
  labels: componentLabels(component),
  annotations: { "prometheus.io/port": String(monitoringPort), "prometheus.io/scrape": "true", ...annotations },
});

/** What the pods of both programs have in their spec. */
export const podSpec = (component: Component) => ({
  serviceAccountName: component,
  nodeSelector: { "kubernetes.io/os": "linux" },
  // The provider sends these in any case; written here so that the comparison with upstream shows them.
  automountServiceAccountToken: true,
  enableServiceLinks: true,
  shareProcessNamespace: false,
});

/** The port of the metrics, as a port of both programs' containers. */
export const monitoring = { name: "monitoring", containerPort: monitoringPort };

/** As upstream has it, which is as often and as patient as Kubernetes is by itself, ten seconds after the start. */
const probe = {
  httpGet: { path: "/metrics", port: monitoring.name },
  initialDelaySeconds: 10,
  periodSeconds: 10,
  timeoutSeconds: 1,
  successThreshold: 1,
  failureThreshold: 3,
};

/** What the containers of both programs have. */
export const container = (component: Component, props: WorkloadProps) => ({
  name: component,
  image: componentImage(component, props),
  // The tag never moves, so a node that has the image need not ask: it keeps running when the registry is away.
  imagePullPolicy: "IfNotPresent",
  args: [
    `--port=${monitoringPort}`,
    `--config=${configMapName}`,
    ...(objectsHave(props.version, "logLevel") ? ["--log-level=info"] : []),
  ],
  ports: [monitoring],
  ...(!objectsHave(props.version, "noLimits") && { resources: { limits: { cpu: "100m", memory: "100Mi" } } }),
  ...(objectsHave(props.version, "probes") && { livenessProbe: probe, readinessProbe: probe }),
});

/** What the speaker's container adds to no capability at all. */
export const speakerCapabilities = (version: string): string[] =>
  objectsHave(version, "rawSocketsAlone") ? ["NET_RAW"] : ["NET_ADMIN", "NET_RAW", "SYS_ADMIN"];

/**
 * What the containers of both programs have in their security context. The provider sends `runAsNonRoot` in any case,
 * and `false` where it is not given, which would cancel the pod's own `true`: so it has no default here.
 */
export const containerSecurity = (runAsNonRoot: boolean) => ({
  allowPrivilegeEscalation: false,
  privileged: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot,
});

/** A pod template with its settings, as the provider's typed resources have it. */
export function settled<Fields>(
  template: PodTemplate,
  component: Component,
  { settings, imagePullSecrets = [] }: Pick<WorkloadProps, "settings" | "imagePullSecrets">,
): Fields {
  const whole = settings === undefined ? template : withSettings(template, component, { settings, imagePullSecrets });
  return fieldsOf(whole) as Fields;
}
