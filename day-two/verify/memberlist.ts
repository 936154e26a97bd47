import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import pLimit from "p-limit";
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, list, passed, skipped } from "./check";
import type { Installation } from "../metallb/installation";
import { componentOf } from "../metallb/pods";
import { podProblem } from "../workload";

/** What a speaker's log says of its memberlist. */
export interface MemberView {
  /** The nodes that it counts as members, by name. */
  readonly members: ReadonlySet<string>;
  /** Those that it counted, and does not any more. */
  readonly left: ReadonlySet<string>;
  /** Whether the log goes back to the speaker's start: only then a node that it does not name is none. */
  readonly complete: boolean;
}

/** About 4 MB at most, and days of a quiet speaker. */
const tailLines = 20_000;

/** How many logs are read at the same time. */
const atOnce = 10;

/**
 * Which speakers each speaker counts as members: those that it takes for alive, and among which it elects who announces.
 * MetalLB offers no metric of it, and an open port says nothing of the key; what is left is its log.
 */
export async function verifyMemberlist(
  { core }: KubernetesApi,
  { nodes, metallb: declared }: ClusterConfig,
  metallb: Installation,
  pods: readonly V1Pod[],
): Promise<Check[]> {
  const { enabled, bindPort } = declared.speaker.memberlist;
  if (metallb.own && !enabled) return [];
  const speakers = pods.filter((pod) => componentOf(pod) === "speaker" && podProblem(pod) === undefined);
  const expected = [...new Set(speakers.map(({ spec }) => spec?.nodeName ?? ""))];
  const limit = pLimit(atOnce);
  return Promise.all(
    speakers.map(({ metadata, spec }) =>
      limit(async () => {
        const node = spec?.nodeName ?? "";
        try {
          const log = await core.readNamespacedPodLog({
            namespace: metallb.namespace,
            name: metadata?.name ?? "",
            // With FRR the pod has more containers.
            container: "speaker",
            tailLines,
          });
          return memberCheck(node, membersInLog(log, nodes), expected, { ...metallb, bindPort });
        } catch (error) {
          return failed("metallb.memberlist", node, `speaker on ${node}: its log cannot be read: ${apiProblem(error)}`);
        }
      }),
    ),
  );
}

/** What is to be said of one speaker. */
export function memberCheck(
  node: string,
  { members, left, complete }: MemberView,
  expected: readonly string[],
  {
    namespace,
    speakerSelector,
    bindPort,
  }: Pick<Installation, "namespace" | "speakerSelector"> & { readonly bindPort: number },
): Check {
  const id = "metallb.memberlist";
  const missing = expected.filter((name) => !members.has(name));
  const gone = complete ? missing : missing.filter((name) => left.has(name));
  const count = `${expected.length - missing.length} of ${expected.length} speakers`;
  if (missing.length === 0) return passed(id, node, `speaker on ${node} counts ${count} as members`);
  if (gone.length > 0) {
    // Upstream: joinMembers in internal/speakerlist/speakerlist.go.
    return failed(
      id,
      node,
      `speaker on ${node} counts ${count} as members, not ${list(gone)}`,
      `after a node was cut off, wait a minute, in which speakers join again; then open port ${bindPort}, tcp and udp, between the nodes; if the key was changed, restart all speakers at the same time: kubectl -n ${namespace} delete pods -l ${speakerSelector}`,
    );
  }
  return skipped(id, node, `speaker on ${node}: its log is too short to say whether ${list(missing)} are members`);
}

/**
 * Reads a speaker's log, oldest line first (v0.9.6 to v0.16.2: internal/speakerlist/speakerlist.go; net.go of memberlist
 * v0.1.7 and, with the node's name in front of the address, of v0.5). NodeJoin and NodeLeave tell who is a member. They
 * may have been rotated away; then the half-minutely exchange with a random living member tells the same. It never
 * overrules them, since an attempt to join a lost member reads alike.
 */
export function membersInLog(log: string, nodes: readonly Pick<NodeConfig, "name" | "address">[]): MemberView {
  const state = new Map<string, "member" | "left">();
  const nameOf = new Map(nodes.map(({ name, address }) => [address, name]));
  let complete = false;
  for (const line of log.split("\n")) {
    if (line.includes('"MetalLB speaker starting')) complete = true;
    const [, event] = /"node event":"(NodeJoin|NodeLeave)"/.exec(line) ?? [];
    const [, name] = /"node name":"([^"]+)"/.exec(line) ?? [];
    if (event !== undefined && name !== undefined) state.set(name, event === "NodeJoin" ? "member" : "left");
    const [, address = ""] = /Initiating push\/pull sync with: (?:\S* )?\[?([^\s\]"]+?)\]?:\d+"/.exec(line) ?? [];
    const partner = complete ? undefined : nameOf.get(address);
    if (partner !== undefined && !state.has(partner)) state.set(partner, "member");
  }
  const named = (wanted: string) => new Set([...state].filter(([, is]) => is === wanted).map(([name]) => name));
  return { members: named("member"), left: named("left"), complete };
}
