import { type Answer, ApiServer, type Change, Refusal } from "../remote/kubernetes/api-server";

/** A kind of object that the cluster knows. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** The schemas of its other fields in OpenAPI, which the provider asks for. @default none: they are left out of lists */
  readonly fields?: Readonly<Record<string, object>>;
  /** What the API server fills in below `spec` that the provider cannot read an object without. @default nothing */
  readonly defaults?: Readonly<Record<string, unknown>>;
}

const text = { type: "string" };

const kind = (
  group: string,
  version: string,
  name: string,
  namespaced = true,
  fields?: Kind["fields"],
  defaults?: Kind["defaults"],
): Kind => ({
  group,
  version,
  plural: `${name.toLowerCase()}s`,
  kind: name,
  namespaced,
  fields,
  defaults,
});

const rollingUpdate = { maxSurge: "25%", maxUnavailable: "25%" };

export const kinds = {
  Namespace: kind("", "v1", "Namespace", false),
  ConfigMap: kind("", "v1", "ConfigMap"),
  Secret: kind("", "v1", "Secret"),
  Service: kind("", "v1", "Service", true, {
    spec: { type: "object", properties: { type: text, loadBalancerClass: text } },
    status: {
      type: "object",
      properties: {
        loadBalancer: {
          type: "object",
          properties: { ingress: { type: "array", items: { type: "object", properties: { ip: text } } } },
        },
      },
    },
  }),
  DaemonSet: kind("apps", "v1", "DaemonSet", true, undefined, {
    updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
  }),
  Deployment: kind(
    "apps",
    "v1",
    "Deployment",
    true,
    { spec: { type: "object", "x-kubernetes-preserve-unknown-fields": true } },
    { replicas: 1, strategy: { type: "RollingUpdate", rollingUpdate } },
  ),
  // The provider looks for every kind among these, too.
  CustomResourceDefinition: kind("apiextensions.k8s.io", "v1", "CustomResourceDefinition", false),
  ValidatingWebhookConfiguration: kind("admissionregistration.k8s.io", "v1", "ValidatingWebhookConfiguration", false),
  ClusterRoleBinding: kind("rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", false, {
    subjects: { type: "array", items: { type: "object", properties: { name: text, namespace: text } } },
  }),
  L2Advertisement: kind("metallb.io", "v1beta1", "L2Advertisement", true, {
    spec: { type: "object", properties: { ipAddressPools: { type: "array", items: text } } },
  }),
  IPAddressPool: kind("metallb.io", "v1beta1", "IPAddressPool", true, {
    spec: {
      type: "object",
      properties: {
        addresses: { type: "array", items: text },
        autoAssign: { type: "boolean" },
        avoidBuggyIPs: { type: "boolean" },
      },
    },
  }),
} as const;

export interface Metadata {
  readonly name: string;
  readonly uid: string;
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

interface ClusterObject {
  readonly metadata: Metadata;
  readonly [key: string]: unknown;
}

const textMap = { type: "object", additionalProperties: text };
const metadataType = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";

const groupVersion = ({ group, version }: Kind) => (group === "" ? version : `${group}/${version}`);
const root = (one: Kind) => (one.group === "" ? `/api/${one.version}` : `/apis/${one.group}/${one.version}`);

/**
 * What of the Kubernetes API the provider needs for the life of objects: discovery, OpenAPI, and a store that gives each
 * object an uid of its own. Nothing runs, and no default is filled in but those of Kind.
 */
export class ClusterApi {
  /** By path, such as /api/v1/namespaces/metallb-system. */
  readonly objects = new Map<string, ClusterObject>();
  /** The uids of what was deleted through the API. */
  readonly deleted: string[] = [];
  private made = 0;
  private server: ApiServer | undefined;

  private constructor(private readonly known: readonly Kind[] = Object.values(kinds)) {}

  static async start(): Promise<ClusterApi> {
    const cluster = new ClusterApi();
    cluster.server = await ApiServer.start(
      (path, query) => cluster.answer(path, query),
      (change) => cluster.change(change),
    );
    return cluster;
  }

  get kubeconfig(): string {
    if (this.server === undefined) throw new Error("the API server was not started");
    return this.server.kubeconfig;
  }

  /** What was asked, in order: "GET /api/v1/namespaces/metallb-system". */
  get verbs(): readonly string[] {
    return this.server?.verbs ?? [];
  }

  async stop(): Promise<void> {
    await this.server?.stop();
  }

  /** Puts an object at a path, with a new uid, as somebody's kubectl does. */
  put(
    path: string,
    object: Readonly<Record<string, unknown>> & { readonly metadata: Partial<Metadata> },
  ): ClusterObject {
    this.made += 1;
    const metadata = { name: path.split("/").at(-1) ?? "", ...object.metadata, uid: `uid-${this.made}` };
    const stored = { ...object, metadata };
    this.objects.set(path, stored);
    return stored;
  }

  private answer(path: string, query: URLSearchParams): Answer | undefined {
    if (path === "/version") return { json: { major: "1", minor: "35", gitVersion: "v1.35.4" } };
    if (path === "/api") return { json: { kind: "APIVersions", versions: ["v1"] } };
    if (path === "/apis") return { json: { kind: "APIGroupList", apiVersion: "v1", groups: this.groups() } };
    if (path === "/openapi/v2") return { json: this.openApi() };
    const resources = this.known.filter((one) => root(one) === path);
    if (resources[0] !== undefined) return { json: resourceList(groupVersion(resources[0]), resources) };
    const object = this.objects.get(path);
    if (object !== undefined) return { json: object };
    const listed = this.known.find((one) => path.startsWith(`${root(one)}/`) && path.endsWith(`/${one.plural}`));
    if (listed === undefined) return undefined;
    const isListed = (key: string) => key.startsWith(`${path}/`) && !key.slice(path.length + 1).includes("/");
    const items = [...this.objects.entries()]
      .filter(([key, item]) => isListed(key) && isSelected(item.metadata, query))
      .map(([, item]) => item);
    return { json: { kind: `${listed.kind}List`, apiVersion: groupVersion(listed), metadata: {}, items } };
  }

  private change({ method, path, body }: Change): unknown {
    const found = this.objects.get(path);
    switch (method) {
      case "POST": {
        const object = withoutStringData(body as ClusterObject);
        const { name } = object.metadata;
        const plural = path.split("/").at(-1);
        if (this.objects.has(`${path}/${name}`))
          return new Refusal(409, alreadyExists(`${plural} "${name}" already exists`));
        const { defaults } = this.known.find((one) => one.kind === object["kind"]) ?? {};
        const spec = defaults && { spec: { ...defaults, ...(object["spec"] as object) } };
        return this.put(`${path}/${name}`, { ...object, ...spec });
      }
      case "PATCH": {
        if (!Array.isArray(body)) {
          // Server-side apply: makes it, or replaces what the one manager has.
          const object = body as ClusterObject;
          if (found === undefined) return this.put(path, object);
          return this.set(path, { ...object, metadata: { ...object.metadata, uid: found.metadata.uid } });
        }
        if (found === undefined) throw new Error(`PATCH of ${path}, which is not there`);
        return this.set(path, body.reduce(patched, found) as ClusterObject);
      }
      case "DELETE": {
        if (found === undefined) throw new Error(`DELETE of ${path}, which is not there`);
        this.deleted.push(found.metadata.uid);
        this.objects.delete(path);
        return found;
      }
      default:
        throw new Error(`unexpected ${method} of ${path}`);
    }
  }

  private set(path: string, object: ClusterObject): ClusterObject {
    this.objects.set(path, object);
    return object;
  }

  private groups(): object[] {
    const named = new Map(this.known.filter(({ group }) => group !== "").map((one) => [one.group, one]));
    return [...named.values()].map((one) => {
      const version = { groupVersion: groupVersion(one), version: one.version };
      return { name: one.group, versions: [version], preferredVersion: version };
    });
  }

  private openApi(): object {
    const metadata = { $ref: `#/definitions/${metadataType}` };
    const definitions = this.known.map(({ group, version, kind: name, fields }) => [
      `test.${group || "core"}.${version}.${name}`,
      {
        type: "object",
        properties: { apiVersion: text, kind: text, metadata, ...fields },
        "x-kubernetes-group-version-kind": [{ group, kind: name, version }],
      },
    ]);
    const properties = { name: text, namespace: text, uid: text, labels: textMap, annotations: textMap };
    return {
      swagger: "2.0",
      info: { title: "Kubernetes", version: "v1.35.4" },
      paths: {},
      definitions: { [metadataType]: { type: "object", properties }, ...Object.fromEntries(definitions) },
    };
  }
}

const alreadyExists = (message: string) => ({
  kind: "Status",
  apiVersion: "v1",
  status: "Failure",
  reason: "AlreadyExists",
  message,
  code: 409,
});

/** A Secret's texts where the API server puts them; other objects as they are. */
function withoutStringData({ stringData, ...object }: ClusterObject): ClusterObject {
  if (stringData === undefined) return object;
  const encoded = Object.entries(stringData as Readonly<Record<string, string>>).map(([key, text]) => [
    key,
    Buffer.from(text).toString("base64"),
  ]);
  return { ...object, data: Object.fromEntries(encoded) };
}

/** Whether an object is among those of a query: a=b and c in (d,e) of labels, and metadata.name=f of fields. */
function isSelected({ name, labels = {} }: Metadata, query: URLSearchParams): boolean {
  const fields = query.get("fieldSelector")?.split(",") ?? [];
  // Commas stand between, and in parentheses.
  const wanted = query.get("labelSelector")?.match(/[^,(]+(?:\([^)]*\))?/g) ?? [];
  return (
    fields.every((field) => field === `metadata.name=${name}`) &&
    wanted.every((one) => {
      const [, key = "", value, list] = /^(\S+?)(?:=(.*)| in \((.*)\))$/.exec(one) ?? [];
      return (list?.split(",") ?? [value]).includes(labels[key]);
    })
  );
}

const resourceList = (version: string, resources: readonly Kind[]): object => ({
  kind: "APIResourceList",
  apiVersion: "v1",
  groupVersion: version,
  resources: resources.map(({ plural, namespaced, kind: name }) => ({
    name: plural,
    singularName: "",
    namespaced,
    kind: name,
    verbs: ["get", "list"],
  })),
});

interface Operation {
  readonly op: string;
  readonly path: string;
  readonly value?: unknown;
}

/** An object after one operation of JSON Patch, as far as the provider uses it. */
function patched(object: unknown, { op, path, value }: Operation): unknown {
  const [key = "", ...rest] = path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const fields = { ...(object as Record<string, unknown>) };
  if (rest.length > 0) {
    const below = `/${rest.map((part) => part.replaceAll("~", "~0").replaceAll("/", "~1")).join("/")}`;
    fields[key] = patched(fields[key] ?? {}, { op, path: below, value });
  } else if (op === "remove") delete fields[key];
  else fields[key] = value;
  return fields;
}
