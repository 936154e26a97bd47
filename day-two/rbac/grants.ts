import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../../remote/terraform/stack";
import { namespaceName } from "../../stacks/metallb/release/component";
import { monitoringKinds } from "../../stacks/metallb/monitoring/monitoring-objects";
import { resourceGroup, resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import {
  bgpSessionStates,
  frrK8sDaemon,
  frrK8sGroup,
  frrK8sWebhookConfiguration,
  frrK8sWebhookServer,
  frrNodeStates,
} from "../../stacks/metallb/release/frr-k8s";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { places } from "../adopt/synthesised-objects";

/** A right to do one thing with one kind of object, as Kubernetes' RBAC has it. */
export interface Grant {
  /** The namespace that it is for; undefined for all of them, and for what has none. */
  readonly namespace?: string;
  readonly group: string;
  readonly resource: string;
  /** The object that it is for; undefined for all, and for what has to be named to be made. */
  readonly name?: string;
  readonly verb: string;
}

/** A rule of a Role or ClusterRole: of objects, or of paths that are none. */
export interface PolicyRule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** Rights that a stack gives to MetalLB: who gives them has to have them, or Kubernetes refuses it. */
export interface HeldRule extends PolicyRule {
  readonly namespace?: string;
}

/** What a token needs. */
export interface Grants {
  readonly grants: readonly Grant[];
  readonly held: readonly HeldRule[];
}

interface Metadata {
  readonly name: string;
  readonly namespace?: string;
}

/** What of a resource or data source of the provider is read. */
interface Block {
  readonly metadata?: Metadata;
  readonly manifest?: { readonly apiVersion: string; readonly kind: string; readonly metadata: Metadata };
  readonly api_version?: string;
  readonly kind?: string;
  readonly namespace?: string;
  readonly count?: unknown;
  readonly rule?: readonly Rule[];
}

interface Rule {
  readonly api_groups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resource_names?: readonly string[];
  readonly non_resource_urls?: readonly string[];
  readonly verbs: readonly string[];
}

type Blocks = Readonly<Record<string, Readonly<Record<string, Block>>>>;

/** What the provider does to what it manages. */
const life = ["create", "get", "patch", "delete"];

/** The plurals of the kinds that stacks look at or annotate. */
const plurals: Readonly<Record<string, string>> = {
  ClusterRoleBinding: "clusterrolebindings",
  ConfigMap: "configmaps",
  CustomResourceDefinition: "customresourcedefinitions",
  DaemonSet: "daemonsets",
  Deployment: "deployments",
  Namespace: "namespaces",
  Node: "nodes",
  Service: "services",
  ...Object.fromEntries([...resourceKinds, ...monitoringKinds].map(({ kind, plural }) => [kind, plural])),
};

export interface GrantsOptions {
  /** Whether the namespace metallb-system was made by the stacks, which then also keep and remove it. */
  readonly ownsNamespace: boolean;
}

/** What Terraform needs to deploy, change, look at and destroy stacks. */
export function grantsOfStacks(stacks: readonly Stack[], { ownsNamespace }: GrantsOptions): Grants {
  const found = stacks.map(({ folder }) => {
    const text = readFileSync(join(folder, "cdk.tf.json"), "utf8");
    const { resource = {}, data = {} } = JSON.parse(text) as { readonly resource?: Blocks; readonly data?: Blocks };
    return { managed: ofKubernetes(resource), looked: ofKubernetes(data) };
  });
  // The stack of MetalLB 0.9 to 0.12 has the namespace in any case, and gets to know it by an import.
  const isOthers = (type: string, { count }: Block) => !ownsNamespace && isNamespace(type) && count !== undefined;
  const managed = found.flatMap(({ managed }) => managed).filter(([type, block]) => !isOthers(type, block));
  const looked = found.flatMap(({ looked }) => looked);
  const generic = managed.some(([type]) => type === "kubernetes_manifest");
  return {
    grants: [
      ...managed.flatMap(([type, block]) => ofManaged(type, block)),
      ...looked.flatMap(([type, block]) => ofData(type, block)),
      // The provider looks there for each kind that it is asked for by name.
      ...(generic || looked.some(([type]) => type === "kubernetes_resources") ? [definitions] : []),
    ],
    held: managed.flatMap(([, { metadata, rule = [] }]) =>
      rule.map((one) => ({
        ...(metadata?.namespace !== undefined && { namespace: metadata.namespace }),
        ...policyRule(one),
      })),
    ),
  };
}

function policyRule({ api_groups, resources, resource_names, non_resource_urls, verbs }: Rule): PolicyRule {
  if (non_resource_urls !== undefined) return { nonResourceURLs: non_resource_urls, verbs };
  return {
    apiGroups: api_groups ?? [],
    resources: resources ?? [],
    ...(resource_names !== undefined && { resourceNames: resource_names }),
    verbs,
  };
}

const definitions: Grant = {
  group: "apiextensions.k8s.io",
  resource: plurals.CustomResourceDefinition ?? "",
  verb: "list",
};

const isNamespace = (type: string) => type === "kubernetes_namespace_v1";

const ofKubernetes = (blocks: Blocks): (readonly [type: string, block: Block])[] =>
  Object.entries(blocks)
    .filter(([type]) => type.startsWith("kubernetes_"))
    .flatMap(([type, byName]) => Object.values(byName).map((block) => [type, block] as const));

function ofManaged(type: string, block: Block): Grant[] {
  const { metadata, manifest } = block;
  if (type === "kubernetes_manifest" && manifest !== undefined) {
    return onObject(groupOf(manifest.apiVersion), pluralOf(manifest.kind), manifest.metadata, life);
  }
  if (metadata === undefined) throw new Error(`${type} has no metadata`);
  // Of somebody else's object: it is never made or removed.
  if (type === "kubernetes_config_map_v1_data") return onObject("", "configmaps", metadata, ["get", "patch"]);
  if (type === "kubernetes_annotations") {
    return onObject(groupOf(block.api_version ?? ""), pluralOf(block.kind ?? ""), metadata, ["get", "patch"]);
  }
  // Rights in a namespace go with it, so that it is never made by who has them alone.
  if (isNamespace(type)) return onObject("", "namespaces", metadata, ["get", "patch", "delete"]);
  const [path, resource] = places[type] ?? [];
  if (path === undefined || resource === undefined) throw new Error(`it is not known what ${type} needs`);
  return onObject(path.replace(/^\/apis?\/(?:([^/]+)\/)?[^/]+$/, "$1"), resource, metadata, life);
}

/** Whoever makes an object may not be held to its name: RBAC does not know it yet. */
const onObject = (group: string, resource: string, { name, namespace }: Metadata, verbs: readonly string[]): Grant[] =>
  verbs.map((verb) => ({
    ...(namespace !== undefined && { namespace }),
    group,
    resource,
    ...(verb !== "create" && { name }),
    verb,
  }));

function ofData(type: string, { metadata, api_version, kind, namespace }: Block): Grant[] {
  if (type === "kubernetes_config_map_v1" && metadata !== undefined)
    return onObject("", "configmaps", metadata, ["get"]);
  if (type !== "kubernetes_resources") throw new Error(`it is not known what the data source ${type} needs`);
  const where = namespace === undefined || namespace.includes("${") ? {} : { namespace };
  return [{ ...where, group: groupOf(api_version ?? ""), resource: pluralOf(kind ?? ""), verb: "list" }];
}

const groupOf = (apiVersion: string): string => (apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "");

function pluralOf(kind: string): string {
  const plural = plurals[kind];
  if (plural === undefined) throw new Error(`the plural of ${kind} is not known`);
  return plural;
}

/** What `drift`, `verify`, `status`, `explain` and `report` ask the cluster themselves, beside what Terraform reads. */
export function grantsOfCommands({ bgpType, version }: Pick<MetallbConfig, "bgpType" | "version">): Grant[] {
  const [metallb, system] = [namespaceName, "kube-system"];
  const read = (resource: string, verb: "get" | "list", more: Partial<Grant> = {}): Grant => ({
    group: "",
    resource,
    verb,
    ...more,
  });
  const states = ["servicel2statuses", "servicebgpstatuses", "configurationstates"];
  return [
    read("namespaces", "list"),
    read("namespaces", "get", { name: metallb }),
    read("nodes", "list"),
    read("services", "list"),
    read("endpoints", "get"),
    read("endpointslices", "list", { group: "discovery.k8s.io" }),
    read("events", "list"),
    read("deployments", "list", { group: "apps" }),
    read("daemonsets", "list", { group: "apps" }),
    read("validatingwebhookconfigurations", "get", {
      group: "admissionregistration.k8s.io",
      name: "metallb-webhook-configuration",
    }),
    read("configmaps", "get", { namespace: system, name: "kube-proxy" }),
    read("daemonsets", "get", { namespace: system, group: "apps", name: "kube-proxy" }),
    read("pods", "list", { namespace: system }),
    read("pods/log", "get", { namespace: system }),
    read("pods", "list", { namespace: metallb }),
    read("pods/log", "get", { namespace: metallb }),
    read("pods/proxy", "get", { namespace: metallb }),
    read("secrets", "get", { namespace: metallb, name: "memberlist" }),
    read("configmaps", "get", { namespace: metallb, name: "config" }),
    read("deployments", "get", { namespace: metallb, group: "apps", name: "controller" }),
    read("daemonsets", "get", { namespace: metallb, group: "apps", name: "speaker" }),
    ...[...resourceKinds.map(({ plural }) => plural), ...states].map((resource) =>
      read(resource, "list", { namespace: metallb, group: resourceGroup }),
    ),
    ...(bgpType === "frr-k8s"
      ? [
          read("daemonsets", "get", { namespace: metallb, group: "apps", name: frrK8sDaemon.name }),
          read("deployments", "get", { namespace: metallb, group: "apps", name: frrK8sWebhookServer(version) }),
          read("validatingwebhookconfigurations", "get", {
            group: "admissionregistration.k8s.io",
            name: frrK8sWebhookConfiguration,
          }),
          read(frrNodeStates, "list", { group: frrK8sGroup }),
          read(bgpSessionStates.plural, "list", { namespace: metallb, group: frrK8sGroup }),
        ]
      : []),
  ];
}

/** What of it changes nothing. */
export const reading = ({ grants }: Grants): Grants => ({
  grants: grants.filter(({ verb }) => verb === "get" || verb === "list"),
  held: [],
});
