import { allPools } from "../../stacks/metallb/resources/as-sections";
import { announcingProtocols } from "../../stacks/metallb/pools/protocols";
import { isSince } from "../../values/versions";
import { excludeLabel, serviceName, sharingKey } from "../load-balancers";
import type { LivePool } from "../metallb/live-pools";
import { podText } from "../metallb/pods";
import { isReady, podProblem } from "../workload";
import { type Check, failed, hasFailed, list, passed, skipped } from "../verify/check";
import { announcementsFor, candidates } from "./candidates";
import { type Endpoint, nodesWithEndpoint } from "./endpoints";
import { type ClusterFacts, speakersOf } from "./facts";
import { electorateOf, poolOf } from "./electorate";
import { unseen } from "./looked";
import { selectorText } from "../../stacks/metallb/pools/label-selectors";

/** What it takes that somebody announces a Service which has an address, one thing after the other. */
export function announcementChecks(facts: ClusterFacts): Check[] {
  const pool = poolOf(facts);
  if (pool === undefined) return endpointChecks(facts);
  const needed = [...endpointChecks(facts), ...poolChecks(facts, pool), ...speakerChecks(facts)];
  // Without one of them no node may announce it, whatever else is so.
  return [...needed, ...takenChecks(facts), ...(hasFailed(needed) ? [] : candidateChecks(facts, pool))];
}

function endpointChecks({ service, endpoints }: ClusterFacts): Check[] {
  const id = "service.endpoints";
  const place = serviceName(service);
  if (endpoints.value === undefined) return unseen(id, place, "its endpoints", endpoints);
  const [namespace = ""] = place.split("/");
  const selector = selectorText({ matchLabels: service.spec?.selector ?? {} });
  const ready = endpoints.value.filter((one) => one.ready);
  if (endpoints.value.length === 0) {
    return selector === ""
      ? [failed(id, place, `Service ${place} has no endpoint: it has no selector, and nobody made endpoints for it`)]
      : [
          failed(
            id,
            place,
            `Service ${place} has no endpoint: no pod with ${selector} has an address`,
            `correct spec.selector, or see the pods: kubectl -n ${namespace} get pods -l ${selector}`,
          ),
        ];
  }
  if (ready.length === 0) {
    const which = list(endpoints.value.slice(0, 3).map(endpointText));
    const more = endpoints.value.length > 3 ? " and others" : "";
    const text = `Service ${place} has no ready endpoint: none of ${endpoints.value.length} is ready (${which}${more})`;
    const remedy =
      selector === ""
        ? "see that what it leads to is ready"
        : `kubectl -n ${namespace} describe pods -l ${selector}; see their readiness probes`;
    return [failed(id, place, text, remedy)];
  }
  const nodes = nodesWithEndpoint(endpoints.value);
  const on = nodes.length === 0 ? "" : `, on ${list(nodes)}`;
  const text = `Service ${place}: ${ready.length} of ${endpoints.value.length} endpoints are ready${on}`;
  return [passed(id, place, text)];
}

const endpointText = ({ pod, address, node }: Endpoint) =>
  `${pod ?? address}${node === undefined ? "" : ` on ${node}`}`;

/** What announces the pool, and whether that is for the Service. */
function poolChecks({ service, config, metallb }: ClusterFacts, pool: LivePool): Check[] {
  const id = "pool.announcement";
  const place = serviceName(service);
  const declared = allPools(config.metallb).find(({ name }) => name === pool.name);
  if (pool.announcements.length === 0) {
    if (declared?.protocol === "none") {
      return [passed(id, place, `MetalLB does not announce the pool ${pool.name}, as it is declared (protocol: none)`)];
    }
    const text = `nobody announces the pool ${pool.name}: MetalLB has no L2Advertisement and no BGPAdvertisement for it`;
    const remedy = declared === undefined ? "declare the pool in cluster.yaml, with a protocol" : metallb.mend;
    return [failed(id, place, text, remedy)];
  }
  const forIt = announcingProtocols.flatMap((protocol) => announcementsFor(pool, protocol, service));
  const subjects = (of: LivePool["announcements"]) => list(of.map(({ subject }) => subject));
  if (forIt.length === 0) {
    const text = `the pool ${pool.name} is announced for other Services only: serviceSelectors of ${subjects(pool.announcements)} do not select it`;
    return [failed(id, place, text, "change serviceSelectors in cluster.yaml, or the Service's labels")];
  }
  const shares = sharingKey(service) !== "" && isSince(config.metallb.version, "0.16.2");
  if (shares && forIt.some(({ protocol, serviceSelectors }) => protocol === "layer2" && serviceSelectors.length > 0)) {
    const text = `Service ${place} has the annotation allow-shared-ip, and MetalLB announces no such Service by an L2Advertisement with serviceSelectors`;
    return [failed(id, place, text, "take the annotation or serviceSelectors out")];
  }
  return [passed(id, place, `the pool ${pool.name} is announced by ${subjects(forIt)}`)];
}

/** The speakers that run; nodes without one are told where they could announce. */
function speakerChecks(facts: ClusterFacts): Check[] {
  const id = "metallb.speaker";
  const { pods, metallb, daemonSet } = facts;
  const place = `${metallb.namespace}/${metallb.speaker}`;
  if (pods.value === undefined) return unseen(id, place, "MetalLB's pods", pods);
  const speakers = speakersOf(facts);
  const ready = speakers.filter(isReady).flatMap(({ spec }) => spec?.nodeName ?? []);
  const subject = `DaemonSet ${place}`;
  if (ready.length > 0) {
    return [passed(id, place, `speakers are ready on ${list([...new Set(ready)].sort())}`), ...problemsOf(facts)];
  }
  const [pod] = speakers;
  if (pod !== undefined) {
    const remedy = `kubectl -n ${metallb.namespace} describe pod ${pod.metadata?.name ?? ""}`;
    return [failed(id, place, `no speaker is ready: ${podText(pod)}: ${podProblem(pod)}`, remedy)];
  }
  if (daemonSet.problem === undefined && daemonSet.value === undefined) {
    return [failed(id, place, `no speaker runs: ${subject} does not exist`, metallb.mend)];
  }
  const selector = selectorText({ matchLabels: daemonSet.value?.spec?.template.spec?.nodeSelector ?? {} });
  const why = selector === "" ? "see the nodes' taints" : `its nodeSelector is ${selector}`;
  return [failed(id, place, `no speaker runs: ${subject} has no pod on any node, ${why}`, metallb.mend)];
}

/** Speakers that are there and not ready, beside others that are. */
const problemsOf = (facts: ClusterFacts): Check[] =>
  speakersOf(facts).flatMap((pod) => {
    const problem = podProblem(pod);
    const node = pod.spec?.nodeName ?? "no node";
    return problem === undefined
      ? []
      : [failed("metallb.speaker", node, `speaker on ${node} is not ready: ${problem}`)];
  });

/** Whether each speaker has the pools as they are. */
function takenChecks(facts: ClusterFacts): Check[] {
  const id = "metallb.config-taken";
  const { taken, metallb, metrics } = facts;
  if (taken.value === undefined) {
    return unseen(id, metallb.namespace, "whether the speakers have taken the pools", taken);
  }
  const unread = (metrics.value ?? []).flatMap(({ pod, problem }) =>
    problem === undefined
      ? []
      : [skipped(id, pod.spec?.nodeName ?? "", `the metrics of the ${podText(pod)} could not be read: ${problem}`)],
  );
  const bad = taken.value.filter(({ status }) => status === "failed");
  const all = "MetalLB's pods have taken the pools as they are";
  if (bad.length > 0 || unread.length > 0 || taken.value.length === 0) return [...bad, ...unread];
  return [passed(id, metallb.namespace, all)];
}

/** What mends it that no node may announce, by why the node that is nearest to it may not. */
const remedies: readonly (readonly [why: RegExp, remedy: (facts: ClusterFacts) => string])[] = [
  [
    /ready endpoint$/,
    ({ service }) =>
      service.spec?.externalTrafficPolicy === "Local"
        ? "set externalTrafficPolicy: Cluster, or let a pod run on a node that may announce"
        : "let a pod run on a node that may announce",
  ],
  [
    /is labelled/,
    () =>
      `set metallb.ignoreExcludeLB: true in cluster.yaml, then npx cdktf deploy '*'; or kubectl label node NAME ${excludeLabel}-`,
  ],
  [/network is unavailable$/, () => "see the network plugin of the nodes: kubectl describe node NAME"],
  [
    /selects it$/,
    ({ configuration, metallb }) => {
      const isChanged = configuration.value?.some(({ differences }) => differences.length > 0) === true;
      return isChanged ? metallb.mend : "change nodeSelectors of the pool's announcements in cluster.yaml";
    },
  ],
  [/speaker/, ({ metallb }) => `see that speakers run on the nodes: kubectl -n ${metallb.namespace} get pods -o wide`],
];

/** Whether some node may announce at all. */
function candidateChecks(facts: ClusterFacts, pool: LivePool): Check[] {
  const id = "service.candidates";
  const { service, nodes } = facts;
  const place = serviceName(service);
  if (nodes.value === undefined) return unseen(id, place, "the nodes", nodes);
  const electorate = electorateOf(facts);
  if (electorate === undefined) return [];
  return announcingProtocols
    .filter((protocol) => announcementsFor(pool, protocol, service).length > 0)
    .map((protocol) => {
      const all = candidates(protocol, electorate);
      const out = all.filter((one) => one.out !== undefined);
      const why = out.map(({ node, out: because }) => `${node}: ${because}`).join("; ");
      const eligible = all.filter((one) => one.out === undefined).map(({ node }) => node);
      if (eligible.length > 0) {
        const not = out.length === 0 ? "" : `; not ${why}`;
        return passed(id, place, `by ${protocol} ${list(eligible)} may announce it${not}`);
      }
      const remedy = remedies.find(([because]) => out.some((one) => because.test(one.out ?? "")))?.[1](facts);
      return failed(id, place, `no node may announce Service ${place} by ${protocol}: ${why}`, remedy);
    });
}
