import { allPeers, allPools } from "../stacks/metallb/resources/as-sections";
import { peerNames } from "../stacks/metallb/pools/peer-names";
import type { BgpType } from "../stacks/metallb/release/releases";
import { protocolText } from "../stacks/metallb/pools/protocols";
import { addressTexts, poolSize } from "../stacks/metallb/pools/pool-addresses";
import { declaredSettings } from "../stacks/kube-proxy/settings";
import type { ClusterConfig } from "../cluster/schema";
import { nodesAtATime, rolloutMinutes } from "../stacks/kube-proxy/rollout";
import type { KubeProxyConfig, ManagedConfig } from "../stacks/kube-proxy/schema";
import type { NodeConfig } from "../stacks/shared/schema/nodes";
import type { PeerConfig } from "../stacks/metallb/schema/bgp";
import type { PoolConfig } from "../stacks/metallb/schema/pools";
import type { SshConfig } from "../stacks/shared/schema/ssh";
import type { CloudStateConfig } from "../stacks/shared/schema/state";
import { type ClusterState, placeText, stateBlock } from "../stacks/shared/state-block";
import { table } from "./table";

/** What the stacks would build from a configuration. */
export interface ClusterSummary {
  readonly name: string;
  readonly kubernetesVersion: string;
  /** "context admin of ~/.kube/config", or "Terraform variables". */
  readonly credentials: string;
  readonly nodes: readonly Pick<NodeConfig, "name" | "address" | "role">[];
  readonly kubeProxy: KubeProxyConfig;
  readonly metallbVersion: string;
  readonly pools: readonly PoolSummary[];
  /** The BGP routers, by whom they are spoken to. Absent if there is none. */
  readonly bgp?: { readonly type: BgpType; readonly peers: readonly PeerSummary[] };
  /** "user ops, key ~/.ssh/id", and what is to be known of an agent. */
  readonly ssh: string;
  /** "local", "cloud: <organization> on <host>, <how> execution", or "pg: PostgreSQL, schema <cluster>-<stack>". */
  readonly state: string;
  /** With cloud state: where Terraform runs, whose files it reads, and what cannot be done there. */
  readonly execution?: string;
}

export interface PoolSummary extends Pick<PoolConfig, "name" | "autoAssign"> {
  /** Who announces it: "layer2", "layer2 and bgp", or "none". */
  readonly protocol: string;
  /** Its ranges, as cluster.yaml has them. */
  readonly addresses: readonly string[];
  /** How many addresses Services can have, in decimal digits: an IPv6 pool may have more than a number can count. */
  readonly size: string;
}

export interface PeerSummary extends Pick<PeerConfig, "peerAddress" | "interface" | "peerASN" | "dynamicASN"> {
  readonly name: string;
}

export function summarize({ name, kubernetes, ssh, nodes, kubeProxy, metallb, state }: ClusterConfig): ClusterSummary {
  const { version: kubernetesVersion, credentials } = kubernetes;
  const peers = allPeers(metallb);
  return {
    name,
    kubernetesVersion,
    credentials:
      credentials.source === "kubeconfig"
        ? `context ${credentials.context} of ${credentials.path}`
        : "Terraform variables",
    nodes: nodes.map(({ name, address, role }) => ({ name, address, role })),
    kubeProxy,
    metallbVersion: metallb.version,
    pools: allPools(metallb).map(summarizePool),
    ...(peers.length > 0 && { bgp: { type: metallb.bgpType, peers: summarizePeers(peers) } }),
    ssh: describeSsh(ssh),
    state: describeState({ name, state }),
    ...(state.backend === "cloud" && { execution: describeExecution(state, ssh) }),
  };
}

function describeSsh({ user, authentication }: SshConfig): string {
  const how = {
    agent: "the SSH agent, which Terraform forwards to every node: root there can use its keys meanwhile",
    keyFile: `key ${authentication.method === "keyFile" ? authentication.path : ""}`,
    variable: "the key in Terraform's variable ssh_private_key",
  }[authentication.method];
  return `user ${user}, ${how}`;
}

function describeState({ name, state }: ClusterState): string {
  if (state.backend === "local") return "local";
  if (state.backend === "cloud") {
    return `cloud: ${state.organization} on ${state.hostname}, ${state.execution} execution`;
  }
  return `${state.backend}: ${placeText(stateBlock({ name, state }, { outdir: "", stack: "<stack>" }))}`;
}

/** docs/terraform-cloud.md has all of it as a table. */
function describeExecution({ execution }: CloudStateConfig, { authentication }: SshConfig): string {
  const where = {
    local: "runs here, with the files and variables of this machine",
    agent: "runs where the agent is, with the files of that machine",
    remote: "runs on machines of the server, which have no file of yours",
  }[execution];
  const limits = [
    ...(execution === "local" ? [] : ["adopt with a memberlist secret"]),
    ...(authentication.method === "variable" ? ["the destroy of kube-proxy"] : []),
  ];
  return [where, limits.length === 0 ? "everything works" : `everything works but ${limits.join(" and ")}`].join("; ");
}

function summarizePool(pool: PoolConfig): PoolSummary {
  const { name, autoAssign } = pool;
  const protocol = protocolText(pool);
  return { name, protocol, addresses: addressTexts(pool), autoAssign, size: String(poolSize(pool)) };
}

function summarizePeers(peers: readonly PeerConfig[]): PeerSummary[] {
  const names = peerNames(peers);
  return peers.map(({ peerAddress, interface: ofNodes, peerASN, dynamicASN }, index) => ({
    name: names[index] ?? "",
    ...(peerAddress === undefined ? { interface: ofNodes } : { peerAddress }),
    ...(peerASN === undefined ? { dynamicASN } : { peerASN }),
  }));
}

/** Rows of a table that are shown. */
export const shownAtMost = 20;

/** The summary for a person, at most 20 nodes, 20 pools and 20 routers of it. */
export function summaryText(summary: ClusterSummary): string {
  const { kubeProxy, bgp } = summary;
  const facts = [
    ["Cluster", `${summary.name}, Kubernetes ${summary.kubernetesVersion}, ${summary.credentials}`],
    ["kube-proxy", kubeProxyText(kubeProxy)],
    ...(kubeProxy.mode === "unmanaged" ? [] : [["Its roll", rolloutText(kubeProxy, summary.nodes.length)]]),
    ["MetalLB", summary.metallbVersion + (bgp === undefined ? "" : `, BGP ${bgp.type}`)],
    ["State", summary.state],
    ...(summary.execution === undefined ? [] : [["Terraform", summary.execution]]),
    ["SSH", summary.ssh],
  ];
  const nodes = summary.nodes.map(({ name, address, role }) => [name, address, role]);
  const pools = summary.pools.map(({ name, protocol, addresses, size }) => [
    name,
    protocol,
    size,
    addresses.join(", "),
  ]);
  const routers =
    bgp?.peers.map((peer) => [
      peer.name,
      peer.peerAddress ?? `interface ${peer.interface}`,
      String(peer.peerASN ?? peer.dynamicASN),
    ]) ?? [];
  return [
    table(facts),
    table([["NODE", "ADDRESS", "ROLE"], ...nodes.slice(0, shownAtMost)]) + rest(nodes.length, "nodes"),
    table([["POOL", "PROTOCOL", "SIZE", "ADDRESSES"], ...pools.slice(0, shownAtMost)]) + rest(pools.length, "pools"),
    ...(routers.length === 0
      ? []
      : [table([["ROUTER", "ADDRESS", "AS"], ...routers.slice(0, shownAtMost)]) + rest(routers.length, "routers")]),
  ].join("\n");
}

function kubeProxyText(kubeProxy: KubeProxyConfig): string {
  if (kubeProxy.mode === "unmanaged") return "unmanaged";
  const { mode, ipvs } = declaredSettings(kubeProxy);
  return [`mode ${mode}`, ...Object.entries(ipvs).map(([key, value]) => `${key} ${String(value)}`)].join(", ");
}

/** How long a change of kube-proxy takes, which restarts it node by node. */
function rolloutText({ maxUnavailable }: ManagedConfig, nodes: number): string {
  const { least, most } = rolloutMinutes(nodes, maxUnavailable);
  const atATime = Math.min(nodesAtATime(maxUnavailable, nodes), nodes);
  return `${nodes} ${nodes === 1 ? "node" : "nodes"}, ${atATime} at a time: ${least} to ${most} min (kubeProxy.maxUnavailable)`;
}

/** The line below a table that says how many rows are not shown. */
export const rest = (total: number, noun: string) =>
  total > shownAtMost ? `… and ${total - shownAtMost} more ${noun}\n` : "";
