import { allPeers } from "../../stacks/metallb/resources/as-sections";
import { announcingProtocols, type AnnouncingProtocol } from "../../stacks/metallb/pools/protocols";
import { serviceName } from "../load-balancers";
import { frrK8sDaemon } from "../../stacks/metallb/release/frr-k8s";
import { announcersOf } from "../metallb/announced";
import { sampleLabelled } from "../metallb/metrics";
import { type Check, failed, hasFailed, list, passed, skipped } from "../verify/check";
import { announcementsFor, layer2Order, needsEndpointThere } from "./candidates";
import { electorateOf, poolOf } from "./electorate";
import { addressesOf, type ClusterFacts, speakerMetricsOf } from "./facts";
import { unseen } from "./looked";

/** Who announces each address of a Service, and why this node; and with BGP, to whom. */
export function announcerChecks(facts: ClusterFacts, before: readonly Check[]): Check[] {
  const pool = poolOf(facts);
  if (pool === undefined || pool.announcements.length === 0) return [];
  const protocols = announcingProtocols.filter(
    (protocol) => announcementsFor(pool, protocol, facts.service).length > 0,
  );
  return [
    ...(protocols.includes("layer2") ? memberlistChecks(facts) : []),
    ...protocols.flatMap((protocol) =>
      addressesOf(facts).map((address) => announcedCheck(facts, { address, protocol, explained: hasFailed(before) })),
    ),
    ...(protocols.includes("bgp") ? sessionChecks(facts) : []),
  ];
}

/** The nodes that announce some address of a Service, each once. */
export const announcingNodes = (facts: ClusterFacts, protocol?: AnnouncingProtocol): string[] => {
  const nodes = addressesOf(facts).flatMap((address) =>
    announcersOf(facts.announced.value ?? [], serviceName(facts.service), address, protocol),
  );
  return [...new Set(nodes)].sort();
};

function memberlistChecks({ memberlist, metallb }: ClusterFacts): Check[] {
  const id = "metallb.memberlist";
  if (memberlist.value === undefined) {
    return [skipped(id, metallb.namespace, `the memberlist could not be looked at: ${memberlist.problem}`)];
  }
  const other = memberlist.value.filter(({ status }) => status !== "passed");
  if (other.length > 0 || memberlist.value.length === 0) return other;
  return [passed(id, metallb.namespace, "each speaker counts all speakers as members of the memberlist")];
}

interface Asked {
  readonly address: string;
  readonly protocol: AnnouncingProtocol;
  /** Whether something was wrong already, of which it is a consequence that nobody announces. */
  readonly explained: boolean;
}

function announcedCheck(facts: ClusterFacts, { address, protocol, explained }: Asked): Check {
  const id = "service.announced";
  const { service, announced, metallb } = facts;
  const place = serviceName(service);
  if (announced.value === undefined) {
    const said = facts.events.value?.find(({ reason }) => reason === "nodeAssigned")?.message;
    const event = said === undefined ? "" : `; the last event says: ${said}`;
    return skipped(id, place, `who announces ${address} could not be asked: ${announced.problem}${event}`);
  }
  const order = protocol === "layer2" ? orderOf(facts) : undefined;
  // What a speaker of 0.16 writes names the protocol, and so do the metrics.
  const nodes = announcersOf(announced.value, place, address, protocol);
  const unread = speakerMetricsOf(facts).filter(({ problem }) => problem !== undefined);
  if (nodes.length === 0) {
    if (explained) return skipped(id, place, `no node announces ${address} by ${protocol}, as it has to be with that`);
    if (unread.length > 0) {
      const names = list(unread.map(({ pod }) => pod.spec?.nodeName ?? ""));
      return skipped(
        id,
        place,
        `no speaker that could be asked announces ${address}; not asked: ${names}: ${unread[0]?.problem}`,
      );
    }
    const [first] = order ?? [];
    const text = `no node announces ${address} by ${protocol}${first === undefined ? "" : `, though it is the turn of ${first}`}`;
    return failed(
      id,
      place,
      text,
      `see the log of the speakers: kubectl -n ${metallb.namespace} logs -l ${metallb.speakerSelector} -c speaker`,
    );
  }
  if (protocol === "bgp") {
    return passed(id, place, `${list(nodes)} ${nodes.length === 1 ? "announces" : "announce"} ${address} by bgp`);
  }
  if (nodes.length > 1) {
    const remedy =
      "let the speakers see each other: open port 7946, tcp and udp, between the nodes; npx baremetal-lb verify compares their keys";
    return failed(id, place, `${nodes.length} nodes announce ${address} by layer2: ${list(nodes)}`, remedy);
  }
  return onlyAnnouncer(facts, { address, node: nodes[0] ?? "", order });
}

/** The order of the nodes that may announce by layer2; undefined where it cannot be known. */
function orderOf(facts: ClusterFacts): string[] | undefined {
  const electorate = electorateOf(facts);
  return electorate && layer2Order(electorate);
}

function onlyAnnouncer(
  facts: ClusterFacts,
  { address, node, order }: { readonly address: string; readonly node: string; readonly order?: readonly string[] },
): Check {
  const id = "service.announced";
  const place = serviceName(facts.service);
  const text = `${node} announces ${address} by layer2`;
  if (order === undefined) return passed(id, place, text);
  const [first] = order;
  if (first !== node) {
    const turn = first === undefined ? "no node's" : `${first}'s`;
    return skipped(
      id,
      place,
      `${text}, though by the speakers' order it is ${turn} turn: it may be changing right now`,
    );
  }
  const what = needsEndpointThere(facts.service, "layer2", facts.config.metallb)
    ? "the nodes with a ready endpoint that may announce it"
    : "the nodes that may announce it";
  const next = order.length === 1 ? "it is the only one of" : `it is the first of`;
  return passed(id, place, `${text}: ${next} ${what} (order by hash: ${order.join(", ")})`);
}

/** Whether each node that announces by BGP has a session with a router. */
function sessionChecks(facts: ClusterFacts): Check[] {
  const id = "bgp.session";
  const { metrics, live, metallb, config, service } = facts;
  const place = serviceName(service);
  if (live.peers.length === 0) {
    const remedy = allPeers(config.metallb).length > 0 ? metallb.mend : "declare metallb.peers in cluster.yaml";
    return [failed(id, place, "MetalLB has no BGP router to announce anything to", remedy)];
  }
  if (config.metallb.bgpType === "frr-k8s") return frrK8sSessionChecks(facts);
  const ask = `kubectl -n ${metallb.namespace} exec daemonset/${metallb.speaker} -c frr -- vtysh -c 'show bgp summary'`;
  if (config.metallb.bgpType === "frr" || metrics.value === undefined) {
    const why =
      config.metallb.bgpType === "frr" ? `FRR has them: ${ask}` : (metrics.problem ?? "their metrics need a token");
    return [skipped(id, place, `the speakers' BGP sessions could not be asked: ${why}`)];
  }
  const nodes = announcingNodes(facts, "bgp");
  return speakerMetricsOf(facts).flatMap(({ pod, samples }) => {
    const node = pod.spec?.nodeName ?? "";
    if (samples === undefined || !nodes.includes(node)) return [];
    const sessions = sampleLabelled(samples, "metallb_bgp_session_up", "peer");
    return [
      sessionCheck(
        node,
        sessions.map(({ label, value }) => ({ peer: label, isUp: value === 1 })),
        "the speaker's log has the reason",
      ),
    ];
  });
}

/** The same with frr-k8s, whose daemons write of each session how it is; their metrics need a token. */
function frrK8sSessionChecks(facts: ClusterFacts): Check[] {
  const { frrK8s, sessions, metallb, service } = facts;
  const place = serviceName(service);
  if (frrK8s.value === undefined) return unseen("metallb.frr-k8s", metallb.namespace, "frr-k8s", frrK8s);
  const other = frrK8s.value.filter(({ status }) => status !== "passed");
  if (other.length > 0) return other;
  const ask = `kubectl -n ${metallb.namespace} exec daemonset/${frrK8sDaemon.name} -c frr -- vtysh -c 'show bgp summary'`;
  if (sessions.value === undefined) {
    const why = sessions.problem ?? `FRR has them: ${ask}`;
    return [skipped("bgp.session", place, `the nodes' BGP sessions could not be asked: ${why}`)];
  }
  const all = sessions.value;
  return announcingNodes(facts, "bgp").map((node) =>
    sessionCheck(
      node,
      all.filter((one) => one.node === node).map(({ peer, state }) => ({ peer, isUp: state === "Established" })),
      `${ask} tells more`,
      // Upstream: poll-interval in cmd/status/exporter.go of frr-k8s.
      ", as frr-k8s saw it at most 2 minutes ago",
    ),
  );
}

interface Session {
  readonly peer: string;
  readonly isUp: boolean;
}

/** Whether all sessions of a node that announces are up. `when` is said where that is not as of now. */
function sessionCheck(node: string, sessions: readonly Session[], more: string, when = ""): Check {
  const id = "bgp.session";
  if (sessions.length === 0) {
    return failed(
      id,
      node,
      `${node} has no BGP session${when}: no router's nodeSelectors select it`,
      "change nodeSelectors of metallb.peers in cluster.yaml",
    );
  }
  const peersWhere = (wanted: boolean) => sessions.filter(({ isUp }) => isUp === wanted).map(({ peer }) => peer);
  const down = peersWhere(false).sort();
  if (down.length > 0) {
    return failed(
      id,
      node,
      `${node}: the BGP session with ${list(down)} is down${when}`,
      `see the router's own view, AS numbers, password, and that port 179/tcp is open; ${more}`,
    );
  }
  return passed(id, node, `${node}: the BGP session with ${list(peersWhere(true).sort())} is up${when}`);
}
