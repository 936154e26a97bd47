import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { type ClusterKind, clusterKindOf } from "../../stacks/kube-proxy/cluster-kinds";
import { UserError } from "../../values/user-error";
import {
  ingressAddresses,
  internalAddresses,
  isLoadBalancer,
  otherAllocator,
  serviceName,
  withEveryAddress,
} from "../load-balancers";
import { documentText, type Head } from "./document";
import { firstPlan } from "./first-plan";
import { withPools } from "./initial-pools";
import { writtenKubeProxy } from "./kube-proxy";
import type { FoundContext } from "./kubeconfig";
import { type LiveCluster, readLiveCluster } from "./live-cluster";
import { findMetallb, type FoundMetallb } from "./metallb";
import { writtenNetworks } from "./networks";
import { isControlPlane, type WrittenNode, writtenNodes } from "./nodes";
import { given, type Mapping, type Note, type Written } from "./note";
import { apiServerAddresses, reservedAddresses } from "./reserved-addresses";

export interface InitOptions {
  readonly context: FoundContext;
  /** The cluster's name. @default that of the kubeconfig's cluster */
  readonly name?: string;
  readonly ssh: Written<Mapping>;
  /** Where editors find the schema, from the file's folder. @default it is not named */
  readonly schema?: string;
  /** What told it, for the file's head. @default the context */
  readonly foundBy?: string;
  /** Host keys that were confirmed before, by the nodes' addresses. @default none */
  readonly hostKeys?: ReadonlyMap<string, string>;
  /** What else is to be said. @default nothing */
  readonly notes?: readonly Note[];
}

/** A cluster.yaml for a cluster as it is. */
export interface InitialFile {
  readonly text: string;
  /** What it cannot say, and what is to be looked at: the comments that the terminal has, too. */
  readonly notes: readonly string[];
  /** "3 nodes, Kubernetes 1.35.4", "MetalLB 0.15.2 with 2 pools" */
  readonly found: readonly string[];
  /** Whether MetalLB is there, and the stacks can adopt it. */
  readonly canAdopt: boolean;
  /** Whether MetalLB is there, and is another's, such as a Helm release. */
  readonly isOthers: boolean;
  readonly nodes: readonly WrittenNode[];
  /** Copies the kubeconfig that the file names to this machine, where it is on a node only. */
  readonly fetchKubeconfig?: string;
}

/** What a file is made of. */
export interface FoundCluster {
  readonly live: LiveCluster;
  readonly metallb: Written<FoundMetallb>;
}

/**
 * Looks at a cluster and writes what it is as a cluster.yaml, so that the first plan changes as little as possible. Changes
 * nothing, and asks nobody but the API. @throws UserError where the API cannot be asked.
 */
export async function initialFile(api: Pick<KubernetesApi, "get">, options: InitOptions): Promise<InitialFile> {
  try {
    const live = await readLiveCluster(api);
    const controlPlaneOnly = live.nodes.length > 0 && live.nodes.every(isControlPlane);
    const metallb = await findMetallb(api, { version: live.version, controlPlaneOnly });
    return await compose({ live, metallb }, options, (text) => firstPlan(api, text, metallb.value));
  } catch (error) {
    throw error instanceof UserError ? error : new UserError(apiProblem(error), { cause: error });
  }
}

/** @param planned tells what the first plan of a text changes. */
export async function compose(
  { live, metallb }: FoundCluster,
  { context, name, ssh, schema, foundBy, hostKeys, notes: more = [] }: InitOptions,
  planned: (text: string) => Promise<readonly Note[]>,
): Promise<InitialFile> {
  const nodes = writtenNodes(live.nodes, hostKeys);
  const networks = writtenNetworks(live.networks);
  const addresses = live.nodes.flatMap((node) => internalAddresses(node));
  const ofServer = apiServerAddresses(live, context);
  const pools = withPools(metallb.value, live, { ...networks.value, reserved: ofServer, addresses });
  const reserved = reservedAddresses(ofServer, addresses, pools.value);
  const kubeProxy = writtenKubeProxy(
    { ...live.kind, configText: live.kubeProxyText, hasDaemonSet: live.hasKubeProxy },
    { layer2: hasLayer2(pools.value) },
  );
  const kind = clusterKindOf(live.kind);
  const value = given({
    name: name ?? labelOf(context.clusterName),
    kubernetes: given({
      version: live.version,
      kubeconfig: context.path,
      context: context.context,
      nodeKubeconfig: nodeKubeconfigs[kind],
      ...networks.value,
    }),
    ssh: ssh.value,
    nodes: nodes.value,
    reservedAddresses: reserved.value.length > 0 ? reserved.value : undefined,
    kubeProxy: kubeProxy.value,
    metallb: pools.value,
    state: { backend: "local" },
  });
  const notes: readonly Note[] = [
    ...fixed,
    ...before(live),
    ...networks.notes,
    ...ssh.notes,
    ...nodes.notes,
    ...reserved.notes,
    ...kubeProxy.notes,
    ...metallb.notes,
    ...pools.notes,
    ...allocatedByOthers(live, nodes.value),
    ...live.unread.map((text) => ({ path: ["kubernetes"], text: `Not looked at: ${text}.` })),
    ...more,
  ];
  const head = { ...headOf(foundBy ?? `context ${context.context} of ${context.path}`), schema };
  const draft = documentText(head, value, notes);
  const all = [...notes, ...(await planned(draft))];
  return {
    text: documentText(head, value, all),
    notes: all.filter(({ quiet }) => quiet !== true).map(({ path, text }) => `${String(path[0])}: ${text}`),
    found: foundText(live, metallb.value),
    canAdopt: metallb.value.installation?.own === true,
    isOthers: metallb.value.installation?.own === false,
    nodes: nodes.value,
  };
}

const headOf = (foundBy: string): Omit<Head, "schema"> => ({
  text: `The cluster that baremetal-lb looks after, as npx baremetal-lb init found it by ${foundBy}. Look at it before a deploy: npx baremetal-lb check reports what is wrong with it. It holds no secret: keys and credentials are named by path, come from an SSH agent, or are Terraform variables.`,
});

/** What every file says of its keys. */
const fixed: readonly Note[] = [
  { path: ["name"], text: "Names the state and the workspaces.", quiet: true },
  {
    path: ["nodes"],
    text: "Every node. npx baremetal-lb trust reads and records the host keys.",
    quiet: true,
  },
  {
    path: ["state"],
    text: "Where Terraform keeps its state; others, and how to move it, in docs/state.md.",
    quiet: true,
  },
];

/** An administrator's kubeconfig on the control-plane nodes, where it is not kubeadm's. */
const nodeKubeconfigs: Readonly<Partial<Record<ClusterKind, string>>> = {
  k3s: "/etc/rancher/k3s/k3s.yaml",
  rke2: "/etc/rancher/rke2/rke2.yaml",
  k0s: "/var/lib/k0s/pki/admin.conf",
};

/** A DNS label of a cluster's name. */
export function labelOf(name: string): string {
  const label = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
  return label === "" ? "cluster" : label;
}

function before({ deployedBefore }: LiveCluster): Note[] {
  if (!deployedBefore) return [];
  const text =
    "These stacks were deployed to this cluster before (ConfigMap kube-system/baremetal-lb-kube-proxy-original). Their state knows what they made: give the file the name and the state that it had, or run npx baremetal-lb adopt.";
  return [{ path: ["name"], text }];
}

function hasLayer2(metallb: Mapping): boolean {
  const pools = (metallb["pools"] ?? []) as readonly Mapping[];
  return pools.some(
    ({ protocol = "layer2", l2Advertisements }) => protocol === "layer2" || l2Advertisements !== undefined,
  );
}

/** Services whose addresses somebody else gave, such as k3s' ServiceLB. */
function allocatedByOthers(
  live: LiveCluster,
  nodes: readonly { readonly name: string; readonly address?: string }[],
): Note[] {
  const known = nodes.flatMap(({ name, address }) => (address === undefined ? [] : [{ name, address }]));
  const found = live.services.filter(isLoadBalancer).flatMap((service) =>
    ingressAddresses(service).flatMap((address) => {
      const other = otherAllocator(address, withEveryAddress(known, live.nodes));
      return other === undefined
        ? []
        : [`Service ${serviceName(service)} has ${address}: ${other.why}: ${other.remedy}.`];
    }),
  );
  const [first] = found;
  return first === undefined ? [] : [{ path: ["metallb"], text: first }];
}

function foundText(
  { version, nodes }: LiveCluster,
  { running, installation, value, poolsAreKnown }: FoundMetallb,
): string[] {
  const pools = (value["pools"] ?? []) as readonly unknown[];
  const count = (number: number, noun: string) => `${number} ${noun}${number === 1 ? "" : "s"}`;
  const release = installation?.release === undefined ? "" : `, the Helm release ${installation.release}`;
  return [
    `Kubernetes ${version}, ${count(nodes.length, "node")}`,
    running === undefined
      ? poolsAreKnown
        ? "no MetalLB"
        : "a MetalLB that is not known"
      : `MetalLB ${running}${release}, ${count(pools.length, "pool")}`,
  ];
}
