import { apiThroughNode } from "../../remote/kubernetes/through-node";
import { SshConnection } from "../../remote/ssh/connection";
import { askEveryNode, type SshLogin } from "../../remote/ssh/every-node";
import { asRoot } from "../../remote/ssh/shell";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import type { SshConfig } from "../../stacks/shared/schema/ssh";
import { assignments } from "../../stacks/shared/script";
import { UserError, userMessage } from "../../values/user-error";
import { type NodeDescription, parseNodeDescription } from "../nodes/node-description";
import { endedBecause, lookText } from "../nodes/probe";
import { clusterOfNodes, type DescribedNode } from "./cluster-of-nodes";
import { compose, type InitialFile, initialFile, type InitOptions, labelOf } from "./init";
import { findContext, type FoundContext, type KubeconfigOptions, type Surroundings } from "./kubeconfig";
import type { Note } from "./note";

/** What init is told beside the nodes. */
export type FromNodesOptions = Omit<InitOptions, "context" | "foundBy" | "hostKeys" | "notes">;

/** Bound of the look at a node, in seconds. */
const lookSeconds = 60;

/**
 * Writes the cluster that some nodes are of as a cluster.yaml, without a kubeconfig on this machine: by kubectl on the first
 * of them that has it with an administrator's kubeconfig, or else by what the nodes say of themselves. Changes nothing.
 * @param nodes have the host keys that were confirmed.
 * @throws UserError that names every node that cannot be looked at.
 */
export async function fileFromNodes(
  nodes: readonly NodeConfig[],
  login: SshLogin,
  options: FromNodesOptions,
  kubeconfig: KubeconfigOptions & { readonly surroundings: Surroundings },
): Promise<InitialFile> {
  const described = await describeNodes(nodes, login);
  const hostKeys = new Map(
    nodes.flatMap(({ address, hostKey }) => (hostKey === undefined ? [] : [[address, hostKey]])),
  );
  const place = placeOfKubeconfig(described, login.ssh, options.name, kubeconfig);
  const common = { ...options, context: place.context, hostKeys };
  const file = await fileBy(described, { nodes, login }, { ...common, notes: place.notes });
  return { ...file, fetchKubeconfig: place.fetch };
}

/** Looks at every node. @throws UserError that names each that cannot be looked at. */
async function describeNodes(nodes: readonly NodeConfig[], login: SshLogin): Promise<readonly DescribedNode[]> {
  const answers = await askEveryNode(nodes, login, async (connection, { address }) => {
    const script = `${assignments({ NODE: address })}\n${lookText("describe-node")}`;
    const result = await connection.run(asRoot(script, login.ssh), lookSeconds);
    if (result.code === 0) return { ...parseNodeDescription(result.stdout), address };
    throw new UserError(`${address} could not be looked at: ${endedBecause(result, login.ssh.user)}`);
  });
  const problems = answers.flatMap(({ error }) => (error === undefined ? [] : [error.message]));
  if (problems.length > 0) throw new UserError(problems.join("\n"));
  return answers.flatMap(({ answer }) => answer ?? []);
}

/** A node on which kubectl may read the API. */
type Reader = DescribedNode & { readonly kubectl: string; readonly kubeconfig: { readonly file: string } };

async function fileBy(
  described: readonly DescribedNode[],
  { nodes, login }: { readonly nodes: readonly NodeConfig[]; readonly login: SshLogin },
  options: InitOptions,
): Promise<InitialFile> {
  const reader = described.find((one): one is Reader => one.kubectl !== undefined && one.kubeconfig !== undefined);
  const node = nodes.find(({ address }) => address === reader?.address);
  if (reader === undefined || node === undefined) return fileOfNodes(described, whyNoReader(described), options);
  const connection = await SshConnection.open(node, login.ssh, login.credentials);
  try {
    const kubectl = { node: reader.name, command: reader.kubectl, kubeconfig: reader.kubeconfig.file };
    const api = apiThroughNode(connection, kubectl, login.ssh);
    const refused = await api.get("/version").then(() => undefined, userMessage);
    if (refused !== undefined) return await fileOfNodes(described, refused, options);
    return await initialFile(api, { ...options, foundBy: `kubectl on ${reader.name} (${reader.address})` });
  } finally {
    connection.close();
  }
}

function whyNoReader(described: readonly DescribedNode[]): string {
  const [holder] = described.filter(({ kubeconfig }) => kubeconfig !== undefined);
  return holder === undefined
    ? "no node that was named has an administrator's kubeconfig, as those of the control plane have"
    : `${holder.name} has no kubectl`;
}

function fileOfNodes(described: readonly DescribedNode[], why: string, options: InitOptions): Promise<InitialFile> {
  const { live, metallb, notes } = clusterOfNodes(described, why);
  const names = described.map(({ name, address }) => `${name} (${address})`).join(", ");
  const all = { ...options, foundBy: `the word of ${names} alone`, notes: [...notes, ...(options.notes ?? [])] };
  return compose({ live, metallb }, all, () => Promise.resolve([]));
}

interface KubeconfigPlace {
  readonly context: FoundContext;
  readonly notes: readonly Note[];
  /** A command of this machine's shell. */
  readonly fetch?: string;
}

/** kubeadm's names, for what no node tells. */
const ofKubeadm = { context: "kubernetes-admin@kubernetes", cluster: "kubernetes" };

/** Where the kubeconfig is on this machine, or is to be. */
function placeOfKubeconfig(
  described: readonly DescribedNode[],
  ssh: SshConfig,
  name: string | undefined,
  { surroundings, ...options }: KubeconfigOptions & { readonly surroundings: Surroundings },
): KubeconfigPlace {
  const holder = described.find(({ kubeconfig }) => kubeconfig !== undefined);
  const told: Partial<NonNullable<NodeDescription["kubeconfig"]>> = holder?.kubeconfig ?? {};
  const context = options.context ?? told.context ?? ofKubeadm.context;
  const clusterName = told.cluster ?? ofKubeadm.cluster;
  const here = contextHere({ ...options, context }, surroundings);
  if (here !== undefined && (options.kubeconfig !== undefined || here.server === told.server)) {
    return { context: here, notes: [] };
  }
  const path = options.kubeconfig ?? `~/.kube/${name ?? labelOf(clusterName)}.conf`;
  const found = { path, context, clusterName, server: told.server ?? "" };
  const place = ["kubernetes", "kubeconfig"];
  if (holder?.kubeconfig === undefined) {
    const text = `No node that was named has one: put an administrator's there, and write its context. ${context} is kubeadm's own.`;
    return { context: found, notes: [{ path: place, text }] };
  }
  const fetch = fetchCommand(holder.address, holder.kubeconfig, ssh, path);
  const text = `Terraform needs it on this machine, where it is not yet. It holds an administrator's credentials: ${fetch}`;
  return { context: found, notes: [{ path: place, text, quiet: true }], fetch };
}

function contextHere(options: KubeconfigOptions, surroundings: Surroundings): FoundContext | undefined {
  try {
    return findContext(options, surroundings);
  } catch (error) {
    userMessage(error);
    return undefined;
  }
}

/** Copies a node's kubeconfig, for this user alone; the address of one that leads to the node itself becomes the node's. */
function fetchCommand(
  address: string,
  { file, server = "" }: NonNullable<NodeDescription["kubeconfig"]>,
  { user, port, sudo, authentication }: SshConfig,
  path: string,
): string {
  const options = [
    ...(authentication.method === "keyFile" ? ["-i", authentication.path] : []),
    ...(port === 22 ? [] : ["-p", String(port)]),
  ];
  const host = address.includes(":") ? `[${address}]` : address;
  const words = ["ssh", ...options, `${user}@${address}`, ...(sudo ? ["sudo -n"] : []), "cat", file];
  const own = /^https:\/\/(127\.0\.0\.1|localhost|\[::1\])[:/]/.exec(server)?.[1];
  const edited = own === undefined ? "" : ` | sed 's|//${own.replace(/[[\]]/g, "\\$&")}|//${host}|'`;
  const folder = path.replace(/\/[^/]*$/, "");
  return `(umask 077; mkdir -p ${folder}; ${words.join(" ")}${edited} > ${path})`;
}
