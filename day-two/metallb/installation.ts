import type { V1DaemonSet, V1Deployment } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import {
  noController,
  otherMetallbText,
  releaseAnnotation,
  removeText,
  stopCommand,
  uninstallCommand,
  workloadSelectors,
} from "../../stacks/metallb/other-metallb";
import { isComponent, memberlistSecret, namespaceName } from "../../stacks/metallb/release/component";
import type { KubernetesApi } from "../../remote/kubernetes/connect";

/** A MetalLB as it is in the cluster, whoever made it: what its objects are called. */
export interface Installation {
  readonly namespace: string;
  /** The name of the controller's Deployment: "controller", "lb-metallb-controller". */
  readonly controller: string;
  /** The name of the speakers' DaemonSet. */
  readonly speaker: string;
  /** What selects its pods in its namespace. */
  readonly podSelector: string;
  /** What selects its speakers' pods there. */
  readonly speakerSelector: string;
  /** The Secret with the memberlist's key; absent where the speakers use none. */
  readonly memberlistSecret?: string;
  /** The ConfigMap of MetalLB 0.9 to 0.12. */
  readonly configMap: string;
  /** Its workloads that were found, with the class of the Services that each looks after, where it has one. */
  readonly workloads: readonly { readonly text: string; readonly loadBalancerClass?: string }[];
  /** Whether it is these stacks', or can be adopted by them. */
  readonly own: boolean;
  /** The Helm release that it is. */
  readonly release?: string;
  /** What mends it where it is not as declared. */
  readonly mend: string;
}

/** As these stacks and upstream's manifests have it. */
export const ownInstallation: Installation = {
  namespace: namespaceName,
  controller: "controller",
  speaker: "speaker",
  podSelector: "app=metallb",
  speakerSelector: "app=metallb,component=speaker",
  memberlistSecret: memberlistSecret.name,
  configMap: "config",
  workloads: [],
  own: true,
  mend: "npx baremetal-lb heal",
};

const { podSelector, speakerSelector } = ownInstallation;

const ofChart = {
  podSelector: "app.kubernetes.io/name=metallb",
  speakerSelector: "app.kubernetes.io/name=metallb,app.kubernetes.io/component=speaker",
};

type Kind = "Deployment" | "DaemonSet";

/** A controller's Deployment or the speakers' DaemonSet. */
interface Workload {
  readonly kind: Kind;
  readonly made: keyof typeof workloadSelectors;
  readonly namespace: string;
  readonly name: string;
  readonly release?: string;
  readonly object: V1Deployment | V1DaemonSet;
}

/** Whose it is, where it is not these stacks'. */
export const whoseText = ({ namespace, controller, release }: Installation): string =>
  `MetalLB is ${release === undefined ? "not of these stacks" : `the Helm release ${release}`} (Deployment ${namespace}/${controller}), and looked at as it is`;

/** The MetalLBs of a cluster. */
export interface Installations {
  /** The one that gives addresses: these stacks' where it is there, or where there is none at all. */
  readonly metallb: Installation;
  /** What these stacks would have to give way to, and the way to them; absent where there is nothing of the kind. */
  readonly other?: string;
  /** Whether there are two, side by side. */
  readonly several: boolean;
}

/** Looks for every MetalLB, in all namespaces, by its labels. */
export async function findInstallations(api: Pick<KubernetesApi, "get">): Promise<Installations> {
  const workloads = await findWorkloads(api);
  const isOwn = ({ namespace, name }: Workload) => namespace === namespaceName && isComponent(name);
  const own = { ...ownInstallation, workloads: workloads.filter(isOwn).map(withClass) };
  const others = workloads.filter((one) => !isOwn(one));
  const groups = new Map<string, Workload[]>();
  for (const one of others) {
    const key = `${one.namespace} ${one.release}`;
    groups.set(key, [...(groups.get(key) ?? []), one]);
  }
  const hasOwn = others.length < workloads.length;
  const [first] = groups.values();
  if (first === undefined) return { metallb: own, several: false };
  return {
    metallb: hasOwn ? own : installationOf(first),
    other: otherText(others),
    several: hasOwn || groups.size > 1,
  };
}

async function findWorkloads(api: Pick<KubernetesApi, "get">): Promise<Workload[]> {
  const plurals = { deployments: "Deployment", daemonsets: "DaemonSet" } as const;
  const asked = Object.entries(workloadSelectors).flatMap(([made, selector]) =>
    Object.entries(plurals).map(async ([plural, kind]) => {
      const list = await api.get(`/apis/apps/v1/${plural}?labelSelector=${encodeURIComponent(selector)}`);
      const { items = [] } = (list ?? {}) as { readonly items?: readonly (V1Deployment | V1DaemonSet)[] };
      return items.map((object): Workload => {
        const { namespace = "", name = "", annotations = {} } = object.metadata ?? {};
        const release = annotations[releaseAnnotation];
        return { kind, made: made as Workload["made"], namespace, name, release, object };
      });
    }),
  );
  return (await Promise.all(asked)).flat();
}

function installationOf(workloads: readonly Workload[]): Installation {
  const [{ namespace, release, made }] = workloads as [Workload];
  const of = (kind: Kind) => workloads.find((one) => one.kind === kind);
  const [controller, speaker] = [of("Deployment"), of("DaemonSet")];
  // Those that are not there are named as the chart would name them.
  const base = (controller ?? speaker)?.name.replace(/-?(controller|speaker)$/, "");
  const named = (component: string) => (base ? `${base}-${component}` : component);
  const how = release === undefined ? "as it was installed" : `with helm -n ${namespace} upgrade ${release}`;
  return {
    namespace,
    controller: controller?.name ?? named("controller"),
    speaker: speaker?.name ?? named("speaker"),
    ...(made === "chart" ? ofChart : { podSelector, speakerSelector }),
    memberlistSecret: secretOf(controller, speaker),
    configMap: argumentOf(controller, "config") ?? ownInstallation.configMap,
    workloads: workloads.map(withClass),
    own: false,
    release,
    mend: `correct it ${how}, or declare in cluster.yaml what is there`,
  };
}

const containersOf = (workload: Workload | undefined) => workload?.object.spec?.template.spec?.containers ?? [];

/** As the controller is told to make it, from 0.13 on, or as the speakers read it before. */
function secretOf(controller: Workload | undefined, speaker: Workload | undefined): string | undefined {
  const variables = (workload: Workload | undefined) => containersOf(workload).flatMap(({ env = [] }) => env);
  return (
    variables(controller).find(({ name }) => name === "METALLB_ML_SECRET_NAME")?.value ??
    variables(speaker).find(({ name }) => name === "METALLB_ML_SECRET_KEY")?.valueFrom?.secretKeyRef?.name
  );
}

/** An argument as Go's flags may be written: --name=value, -name=value, or the value as an argument of its own. */
function argumentOf(workload: Workload | undefined, name: string): string | undefined {
  const given = containersOf(workload)
    .flatMap(({ args = [] }) => args)
    .join("\n");
  return new RegExp(`^--?${name}[=\n](.*)$`, "m").exec(given)?.[1];
}

function withClass(workload: Workload): Installation["workloads"][number] {
  const loadBalancerClass = argumentOf(workload, "lb-class");
  return { text: text(workload), ...(loadBalancerClass && { loadBalancerClass }) };
}

/** "Deployment lb/lb-metallb-controller" */
const text = ({ kind, namespace, name }: Workload) => `${kind} ${namespace}/${name}`;

function otherText(others: readonly Workload[]): string {
  const deployments = others.filter(({ kind }) => kind === "Deployment");
  const once = (lines: readonly string[], separator: string) => [...new Set(lines)].join(separator);
  return otherMetallbText({
    found: others.map((one) => text(one) + (one.release ? ` (Helm release ${one.release})` : "")).join(", "),
    stop: deployments.map(({ namespace, name }) => stopCommand(namespace, name)).join(" && ") || noController,
    remove: once(
      others.map((one) => (one.release ? uninstallCommand(one.namespace, one.release) : removeText(text(one)))),
      "; ",
    ),
  });
}
