import { ClusterRoleBindingV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-binding-v1";
import { ClusterRoleV1 } from "@cdktf/provider-kubernetes/lib/cluster-role-v1";
import { ConfigMapV1 } from "@cdktf/provider-kubernetes/lib/config-map-v1";
import { DaemonSetV1 } from "@cdktf/provider-kubernetes/lib/daemon-set-v1";
import { DeploymentV1 } from "@cdktf/provider-kubernetes/lib/deployment-v1";
import { RoleBindingV1 } from "@cdktf/provider-kubernetes/lib/role-binding-v1";
import { RoleV1 } from "@cdktf/provider-kubernetes/lib/role-v1";
import { SecretV1 } from "@cdktf/provider-kubernetes/lib/secret-v1";
import { ServiceAccountV1 } from "@cdktf/provider-kubernetes/lib/service-account-v1";
import { ServiceV1 } from "@cdktf/provider-kubernetes/lib/service-v1";
import { ValidatingWebhookConfigurationV1 } from "@cdktf/provider-kubernetes/lib/validating-webhook-configuration-v1";
import type { TerraformMetaArguments, TerraformResource, TerraformResourceLifecycle } from "cdktf";
import type { Construct } from "constructs";
import { type Component, excludedInterfaces, isComponent, namespaceName } from "../release/component";
import { webhookConfigurationName } from "../release/running";
import type { ManifestKind, ManifestObject } from "../release/manifest-objects";
import {
  controlPlaneTolerations,
  daemonSetSettings,
  frrK8sPodSettings,
  type FrrK8sSettings,
  type PodTemplate,
  withSettings,
} from "../pod-settings";
import type { MetallbConfig } from "../schema/metallb";
import type { PodSettings } from "../schema/pods";
import { keyAnnotation } from "./pod-template";
import { fieldsOf } from "./provider-fields";
import { writeOnlyData } from "./write-only-data";

type Json = Readonly<Record<string, unknown>>;

/** A typed resource of hashicorp/kubernetes; its fields are the object's own, by the names of `fieldsOf`. */
type TypedResource = new (scope: Construct, id: string, config: never) => TerraformResource;

/** Kinds that this project writes or handles apart from the typed resources below. */
const handledElsewhere = ["Namespace", "CustomResourceDefinition"] as const;
type HandledElsewhere = (typeof handledElsewhere)[number];

/** The typed resource for each other kind that upstream's manifests have. */
const typedResources: Readonly<Record<Exclude<ManifestKind, HandledElsewhere>, TypedResource>> = {
  ClusterRole: ClusterRoleV1,
  ClusterRoleBinding: ClusterRoleBindingV1,
  ConfigMap: ConfigMapV1,
  DaemonSet: DaemonSetV1,
  Deployment: DeploymentV1,
  Role: RoleV1,
  RoleBinding: RoleBindingV1,
  Secret: SecretV1,
  Service: ServiceV1,
  ServiceAccount: ServiceAccountV1,
  ValidatingWebhookConfiguration: ValidatingWebhookConfigurationV1,
};

/** Whether a typed resource is made of an object. */
export const isTyped = ({ kind }: ManifestObject): boolean => !handledElsewhere.some((other) => other === kind);

export interface ManifestObjectProps extends Pick<TerraformMetaArguments, "dependsOn"> {
  /** What an image of upstream's manifest is called. @default as there */
  readonly imageOf?: (upstream: string) => string;
  /** Whether speakers announce from nodes that are excluded from load balancers, too. @default false */
  readonly ignoreExcludeLB?: boolean;
  /** The class of the Services that both programs look after. @default Services without a class */
  readonly loadBalancerClass?: string | undefined;
  /** What every plan checks before the controller's Deployment is written. @default nothing */
  readonly controllerPrecondition?: TerraformResourceLifecycle["precondition"];
  /** Whether the controller may run on control-plane nodes. @default false: as upstream's manifest has it */
  readonly onControlPlane?: boolean;
  /**
   * Whether the API server fills in the host's ports of pods on its network, as in SpeakerProps of ./pod-template.
   * @default false
   */
  readonly hostPorts?: boolean;
  /** What is said of the pods. @default as upstream's manifest has them */
  readonly pods?: {
    readonly settings: Readonly<Record<Component, PodSettings>> & FrrK8sSettings;
    /** Secrets in MetalLB's namespace. */
    readonly imagePullSecrets: readonly string[];
  };
  /** Whether pods have upstream's annotations for Prometheus. @default true */
  readonly scrapeAnnotations?: boolean | undefined;
  /** Interfaces that layer2 does not announce from, by regular expressions. @default upstream's */
  readonly excludeInterfaces?: readonly string[] | undefined;
  /** What Kubernetes does where the webhook does not answer. @default as upstream has it: Fail */
  readonly webhookFailurePolicy?: MetallbConfig["webhookFailurePolicy"];
  /** Whether Terraform has Secrets' data in its state. @default true: what the provider does by itself */
  readonly readsSecrets?: boolean;
  /** What changes with the memberlist's key, and restarts the speakers. @default nothing */
  readonly restartOnKey?: string | undefined;
}

/**
 * The typed resource of an object of upstream's manifest. Its address has the object's name, without the namespace
 * that upstream puts in front of names that are the cluster's: the addresses of the objects of MetalLB 0.9 to 0.12, so
 * that those which are still there are changed in place when the version is.
 * @throws Error if there is no typed resource for the kind.
 */
export function manifestResource(scope: Construct, object: ManifestObject, props: ManifestObjectProps) {
  const { apiVersion, kind, ...rest } = object;
  const Resource = (typedResources as Readonly<Record<string, TypedResource>>)[kind];
  if (Resource === undefined) throw new Error(`no typed resource for ${kind} (${apiVersion}) ${object.metadata.name}`);
  const id = object.metadata.name.replace(`${namespaceName}:`, "");
  const fields = fieldsOf({ ...rest, ...amended(object, props) }) as Json;
  const resource = new Resource(scope, `${kind}-${id}`, {
    ...fields,
    ...settings(object, props),
    dependsOn: props.dependsOn,
  } as never);
  resource.overrideLogicalId(id);
  if (isComponent(id) && kind === "DaemonSet" && props.restartOnKey !== undefined) {
    // Not among the fields, whose texts are no expressions.
    resource.addOverride(`spec.template.metadata.annotations.${keyAnnotation}`, props.restartOnKey);
  }
  return resource;
}

/** What Terraform is to do with a resource, which is no part of the object. */
function settings({ kind, metadata, webhooks }: ManifestObject, props: ManifestObjectProps): Json {
  const { readsSecrets = true, controllerPrecondition: precondition } = props;
  // As for those of MetalLB up to 0.12: the rollout is proven apart from the resource.
  const waitForRollout = false;
  switch (kind) {
    case "DaemonSet":
      return { waitForRollout };
    case "Deployment":
      return {
        waitForRollout,
        ...(precondition && isComponent(metadata.name) && { lifecycle: { precondition } }),
      };
    case "Secret":
      // Upstream's controller writes its webhook's certificate into it.
      return readsSecrets ? { lifecycle: { ignoreChanges: ["data"] } } : writeOnlyData({});
    case "ValidatingWebhookConfiguration":
      // Upstream's controller writes its CA into it.
      return {
        lifecycle: {
          ignoreChanges: (webhooks as readonly unknown[]).map((_, i) => `webhook[${i}].client_config[0].ca_bundle`),
        },
      };
    default:
      return {};
  }
}

interface ContainerPort extends Json {
  readonly containerPort: number;
}

interface Container extends Json {
  readonly name: string;
  readonly image: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly ports?: readonly ContainerPort[];
  readonly securityContext?: Json;
}

interface PodSpec extends Json {
  readonly hostNetwork?: boolean;
  readonly securityContext?: { readonly runAsNonRoot?: boolean };
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
}

/** The parts of an object that are not as upstream has them. */
function amended({ kind, metadata, spec, webhooks }: ManifestObject, props: ManifestObjectProps): Json {
  const { imageOf = (image: string) => image } = props;
  const { ignoreExcludeLB = false, loadBalancerClass, onControlPlane = false, hostPorts = false } = props;
  const { excludeInterfaces, webhookFailurePolicy: failurePolicy } = props;
  if (metadata.name === excludedInterfaces.configMap && excludeInterfaces !== undefined) {
    // As upstream writes it: a list on one line.
    return {
      data: { [excludedInterfaces.key]: `announcedInterfacesToExclude: ${JSON.stringify(excludeInterfaces)}\n` },
    };
  }
  if (metadata.name === webhookConfigurationName && failurePolicy !== undefined) {
    return { webhooks: (webhooks as readonly Json[]).map((webhook) => ({ ...webhook, failurePolicy })) };
  }
  // What the provider sends in any case is written here, so that the comparison with upstream shows it.
  if (kind === "ServiceAccount") return { automountServiceAccountToken: true };
  if (kind !== "Deployment" && kind !== "DaemonSet") return {};
  const { template, ...rest } = spec as { readonly template: PodTemplate & { readonly spec: PodSpec } };
  const { containers, initContainers, ...pod } = template.spec;
  // The provider sends false for a container's runAsNonRoot that is not given, which would cancel the pod's true.
  const runAsNonRoot = pod.securityContext?.runAsNonRoot ?? false;
  const fillsIn = hostPorts && pod.hostNetwork === true;
  const component = isComponent(metadata.name) ? metadata.name : undefined;
  // Also frr-k8s has a container called controller.
  const argumentsOf = (name: string): string[] =>
    name === component
      ? [
          ...(ignoreExcludeLB && name === "speaker" ? ["--ignore-exclude-lb"] : []),
          ...(loadBalancerClass === undefined ? [] : [`--lb-class=${loadBalancerClass}`]),
        ]
      : [];
  const withArguments = ({ name, args = [] }: Container) => {
    const more = argumentsOf(name);
    return more.length > 0 && { args: [...args, ...more] };
  };
  const container = (given: Container): Container => ({
    ...given,
    image: imageOf(given.image),
    ...withArguments(given),
    ...(fillsIn && given.ports && { ports: given.ports.map((port) => ({ hostPort: port.containerPort, ...port })) }),
    ...(given.securityContext && { securityContext: { privileged: false, runAsNonRoot, ...given.securityContext } }),
  });
  const sent = { automountServiceAccountToken: true, enableServiceLinks: true, shareProcessNamespace: false };
  const podSpec = {
    ...sent,
    ...pod,
    ...(onControlPlane && component === "controller" && { tolerations: controlPlaneTolerations }),
    containers: containers.map(container),
    ...(initContainers && { initContainers: initContainers.map(container) }),
  };
  const whole = { ...withAnnotations(template, props.scrapeAnnotations ?? true), spec: podSpec };
  if (props.pods === undefined) return { spec: { ...rest, template: whole } };
  const { settings, imagePullSecrets } = props.pods;
  const settled =
    component === undefined
      ? withSettings(whole, ownContainer(containers), {
          settings: frrK8sPodSettings(kind, whole, settings),
          imagePullSecrets,
        })
      : withSettings(whole, component, { settings: settings[component], imagePullSecrets });
  const ofDaemonSet = component === "speaker" ? daemonSetSettings(settings.speaker) : {};
  return { spec: { ...rest, ...ofDaemonSet, template: settled } };
}

/** The name of the container with frr-k8s' own program, which has another one in each version and workload. */
const ownContainer = (containers: readonly Container[]): string =>
  containers.find(({ command }) => command?.[0] === "/frr-k8s" || command?.[0] === "/statuscleaner")?.name ?? "";

/** A template with upstream's annotations for Prometheus, or without them. */
function withAnnotations<Template extends PodTemplate>(template: Template, scrapeAnnotations: boolean): Template {
  const { annotations } = template.metadata;
  if (scrapeAnnotations || annotations === undefined) return template;
  const kept = Object.entries(annotations).filter(([key]) => !key.startsWith("prometheus.io/"));
  return { ...template, metadata: { ...template.metadata, annotations: Object.fromEntries(kept) } };
}
