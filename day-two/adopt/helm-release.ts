import { gunzipSync } from "node:zlib";
import { parseAllDocuments } from "yaml";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import { namespaceName } from "../../stacks/metallb/release/component";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { UserError } from "../../values/user-error";
import type { Installations } from "../metallb/installation";

/** An object that Helm made. */
export interface ReleaseObject {
  readonly kind: string;
  /** Where the API has it: /apis/apps/v1/namespaces/metallb-system/deployments/metallb-controller */
  readonly path: string;
  /** "Deployment metallb-system/metallb-controller" */
  readonly text: string;
}

/** A Helm release, as Helm's own record of it says. */
export interface HelmRelease {
  readonly name: string;
  /** Paths of the Secrets in which Helm keeps its records. */
  readonly records: readonly string[];
  readonly objects: readonly ReleaseObject[];
}

/**
 * The name of the Helm release that these stacks can take the place of, where that is all there is of MetalLB: its pools
 * have to be in the namespace of theirs, since an object moves to no other.
 */
export function adoptableRelease(
  { metallb: { release, namespace }, several }: Installations,
  { version }: Pick<MetallbConfig, "version">,
): string | undefined {
  return !several && namespace === namespaceName && usesCustomResources(version) ? release : undefined;
}

/** Kinds of charts of MetalLB whose objects are in no namespace, and those whose are in one. */
const clusterKinds = [
  "ClusterRole",
  "ClusterRoleBinding",
  "CustomResourceDefinition",
  "ValidatingWebhookConfiguration",
];
const namespacedKinds = [
  "ConfigMap",
  "DaemonSet",
  "Deployment",
  "NetworkPolicy",
  "Role",
  "RoleBinding",
  "Secret",
  "Service",
  "ServiceAccount",
  "PodMonitor",
  "PrometheusRule",
  "ServiceMonitor",
];

interface Made {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

interface RecordSecret {
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
  readonly data?: { readonly release?: string };
}

/**
 * Reads a release in MetalLB's namespace; upstream: helm.sh/helm/v3/pkg/storage/driver, secrets.go and util.go.
 * @throws UserError where Helm has no record of it there, or it has an object of a kind that is not known here.
 */
export async function readRelease(api: Pick<KubernetesApi, "get">, name: string): Promise<HelmRelease> {
  const secrets = `/api/v1/namespaces/${namespaceName}/secrets`;
  const selector = encodeURIComponent(`owner=helm,name=${name}`);
  const { items = [] } = ((await api.get(`${secrets}?labelSelector=${selector}`)) ?? {}) as {
    readonly items?: readonly RecordSecret[];
  };
  const deployed = items.find(({ metadata }) => metadata.labels?.["status"] === "deployed")?.data?.release;
  if (deployed === undefined) {
    throw new UserError(
      `nothing was adopted: Helm has no Secret in ${namespaceName} that says what its release ${name} made: see helm -n ${namespaceName} list --all; where it has forgotten the release, delete its controller and speakers by hand, then adopt`,
    );
  }
  return {
    name,
    records: items.map(({ metadata }) => `${secrets}/${metadata.name}`),
    objects: objectsOf(manifestOf(deployed), name),
  };
}

/** Base64 as of every Secret, and Helm's own, of what gzip made of JSON. */
function manifestOf(data: string): string {
  const packed = Buffer.from(Buffer.from(data, "base64").toString("utf8"), "base64");
  return (JSON.parse(gunzipSync(packed).toString("utf8")) as { readonly manifest: string }).manifest;
}

function objectsOf(manifest: string, release: string): ReleaseObject[] {
  const all = parseAllDocuments(manifest)
    .map((document) => document.toJS() as Made | null)
    .filter((object) => object !== null);
  const unknown = all.filter(({ kind }) => ![...clusterKinds, ...namespacedKinds].includes(kind));
  if (unknown.length > 0) {
    throw new UserError(
      `nothing was adopted: the Helm release ${release} has ${unknown.map(({ kind, metadata }) => `${kind} ${metadata.name}`).join(", ")}, which these stacks know nothing of: take that out of the release's values, helm -n ${namespaceName} upgrade it, then adopt`,
    );
  }
  // Helm keeps these, too, when it uninstalls the release.
  return all.filter(({ metadata }) => metadata.annotations?.["helm.sh/resource-policy"] !== "keep").map(placed);
}

function placed({ apiVersion, kind, metadata }: Made): ReleaseObject {
  const namespace = clusterKinds.includes(kind) ? undefined : (metadata.namespace ?? namespaceName);
  const group = apiVersion === "v1" ? "/api/v1" : `/apis/${apiVersion}`;
  const within = namespace === undefined ? "" : `/namespaces/${namespace}`;
  const text = `${kind} ${namespace === undefined ? "" : `${namespace}/`}${metadata.name}`;
  const plural = `${kind.toLowerCase()}s`.replace(/ys$/, "ies");
  return { kind, path: `${group}${within}/${plural}/${metadata.name}`, text };
}

/**
 * What of a release has no place in these stacks: goes when MetalLB is made under its own names, controller and speakers
 * first.
 * @param declared the paths of all objects of these stacks.
 * @throws UserError where a kind would go, and with it all objects of the kind.
 */
export function replacedObjects({ name, objects }: HelmRelease, declared: ReadonlySet<string>): ReleaseObject[] {
  const left = objects.filter(({ path }) => !declared.has(path));
  const kinds = left.filter(({ kind }) => kind === "CustomResourceDefinition");
  if (kinds.length > 0) {
    throw new UserError(
      `nothing was adopted: with the Helm release ${name} ${kinds.map(({ text }) => text).join(", ")} would go, and all objects of the kind: declare the metallb.bgpType that uses it, or uninstall what it is for first`,
    );
  }
  const order = ["Deployment", "DaemonSet"];
  const rank = ({ kind }: ReleaseObject) => (order.includes(kind) ? order.indexOf(kind) : order.length);
  return left.sort((one, other) => rank(one) - rank(other));
}

/** Deletes what Helm remembers, since by then it must not delete what is Terraform's, and then what these stacks replace. */
export async function removeReplaced(
  api: Pick<KubernetesApi, "remove">,
  { records }: HelmRelease,
  replaced: readonly ReleaseObject[],
): Promise<void> {
  for (const path of [...records, ...replaced.map((one) => one.path)]) await api.remove(path);
}
