import type { PerNode } from "../../remote/ssh/every-node";
import type { CredentialSources } from "../../remote/ssh/credentials";
import { serviceName } from "../load-balancers";
import { nodeChecks } from "../nodes/node-checks";
import { parseServiceFacts, type ServiceFacts } from "../nodes/node-facts";
import { lookAtNodes } from "../nodes/probe";
import { podHealth, podProblem } from "../workload";
import { type Check, failed, list, passed, skipped } from "../verify/check";
import { ofFact } from "../verify/nodes";
import { announcementsFor } from "./candidates";
import { poolOf } from "./electorate";
import { announcingNodes } from "./announcer";
import { addressesOf, type ClusterFacts, type Facts, tcpPortsOf } from "./facts";
import { unseen } from "./looked";
import { userMessage } from "../../values/user-error";
import type { Looked } from "./looked";

/** How many endpoints the announcing node asks. */
const askedAtMost = 6;

/** "192.168.1.240:80", "[fd00::1]:80" */
export const withPort = (address: string, port: number): string =>
  `${address.includes(":") ? `[${address}]` : address}:${port}`;

/** Every address of a Service with each of its ports of TCP. */
export const placesOf = (facts: Pick<ClusterFacts, "service">): string[] =>
  addressesOf(facts).flatMap((address) => tcpPortsOf(facts).map((port) => withPort(address, port)));

/** Looks at every declared node over SSH, with the Service in mind. */
export async function lookAtServiceOnNodes(
  facts: ClusterFacts,
  sources: CredentialSources,
): Promise<Looked<readonly PerNode<ServiceFacts>[]>> {
  const announcing = announcingNodes(facts);
  const endpoints = (facts.endpoints.value ?? [])
    .filter(({ ready }) => ready)
    .flatMap(({ address, ports }) => ports.map((port) => withPort(address, port)))
    .slice(0, askedAtMost);
  try {
    const answers = await lookAtNodes(facts.config, sources, {
      script: "probe-service",
      parse: parseServiceFacts,
      parameters: ({ name }) => ({
        SERVICES: placesOf(facts).join(" "),
        ENDPOINTS: announcing.includes(name) ? endpoints.join(" ") : "",
      }),
    });
    return { value: answers };
  } catch (error) {
    // The credentials: no node can be asked.
    return { problem: userMessage(error) };
  }
}

/** Whether the nodes that announce a Service hand on what comes there, and no other node answers ARP for it. */
export function onNodesChecks(facts: Facts): Check[] {
  const id = "node.ssh";
  const place = serviceName(facts.service);
  const announcing = announcingNodes(facts);
  return [
    ...kubeProxyPods(facts, announcing),
    ...unseen(id, place, "the nodes", facts.onNodes),
    ...announcing
      .filter((name) => !facts.config.nodes.some((node) => node.name === name))
      .map((name) => skipped(id, name, `${name} announces it, and was not looked at: it is not in cluster.yaml`)),
    ...(facts.onNodes.value ?? []).flatMap((one) => {
      const announces = announcing.includes(one.node.name);
      // The message names the node.
      if (one.answer === undefined) return [skipped(id, one.node.name, one.error.message)];
      return [
        ...interfaceChecks(facts, one.node.name, one.answer, announces),
        ...kubeProxyChecks(facts, one.node.name, one.answer, announces),
        ...(announces ? pathChecks(facts, one.node.name, one.answer) : []),
      ];
    }),
  ];
}

/** kube-proxy's pod on each node that announces, by Kubernetes. */
function kubeProxyPods({ config, kubeProxies }: Facts, nodes: readonly string[]): Check[] {
  const id = "kube-proxy.pod";
  if (config.kubeProxy.mode === "unmanaged") return [];
  if (kubeProxies.value === undefined) return unseen(id, "kube-system/kube-proxy", "kube-proxy's pods", kubeProxies);
  const pods = kubeProxies.value;
  return nodes.map((node) => {
    const health = podHealth(pods, node);
    if (health === "ready") return passed(id, node, `${node}: kube-proxy's pod is ready`);
    if (health === "missing") {
      const text = `${node} announces the Service, and has no pod of kube-proxy: nobody keeps its Services up to date`;
      return failed(id, node, text, "see its DaemonSet: kubectl -n kube-system describe daemonset kube-proxy");
    }
    const [pod] = pods.filter(({ spec }) => spec?.nodeName === node);
    const text = `${node} announces the Service, and kube-proxy is not ready there: ${pod && podProblem(pod)}`;
    return failed(id, node, text, `kubectl -n kube-system describe pod ${pod?.metadata?.name ?? ""}`);
  });
}

/** Of the node that announces by layer2: whether it has an interface that the pool is announced from. */
function interfaceChecks(facts: Facts, name: string, { links }: ServiceFacts, announces: boolean): Check[] {
  const pool = poolOf(facts);
  if (!announces || pool === undefined) return [];
  const announcements = announcementsFor(pool, "layer2", facts.service);
  const wanted = announcements.flatMap(({ interfaces }) => interfaces);
  if (announcements.some(({ interfaces }) => interfaces.length === 0) || wanted.length === 0) return [];
  const has = wanted.filter((one) => links.includes(one));
  const id = "node.interface";
  if (has.length > 0)
    return [passed(id, name, `${name}: has ${list(has)}, which the pool ${pool.name} is announced from`)];
  const text = `${name}: has none of the interfaces that the pool ${pool.name} is announced from (${list(wanted)}), it has ${list(links)}`;
  return [
    failed(
      id,
      name,
      text,
      "correct interfaces of the pool's l2Advertisements in cluster.yaml, then npx cdktf deploy '*'",
    ),
  ];
}

/** kube-proxy where the Service is announced; of other nodes what makes them answer ARP in its place. */
function kubeProxyChecks(facts: Facts, name: string, answer: ServiceFacts, announces: boolean): Check[] {
  const { config } = facts;
  const found = nodeChecks(answer, config).filter(({ stack }) => stack === "kube-proxy");
  const isOfArp = ({ what }: { readonly what: string }) =>
    what.startsWith("net.ipv4.conf.") || what.endsWith("strictARP");
  const pool = poolOf(facts);
  const byLayer2 = pool !== undefined && announcementsFor(pool, "layer2", facts.service).length > 0;
  const wrong = found.filter((one) => !one.ok && (isOfArp(one) ? byLayer2 : announces));
  if (wrong.length > 0) return wrong.map((one) => ofFact({ name }, one, config));
  if (!announces) return [];
  const strict = config.kubeProxy.mode === "ipvs" && config.kubeProxy.strictARP ? ", strictARP in force" : "";
  return [
    passed("node.kube-proxy", name, `${name}: kube-proxy runs in mode ${answer.proxy.mode ?? "unknown"}${strict}`),
  ];
}

/** Where what comes to the Service goes on the node that announces it. */
function pathChecks(facts: Facts, name: string, { services, input, endpoints }: ServiceFacts): Check[] {
  const log = `see the log of kube-proxy's pod on ${name}`;
  const id = "node.service";
  const ofServices = Object.entries(services).flatMap(([place, is]): Check[] => {
    if (is === "unknown")
      return [skipped(id, name, `${name}: whether kube-proxy's rules have ${place} could not be listed`)];
    if (is === "missing") return [failed(id, name, `${name}: kube-proxy has nothing for ${place} there`, log)];
    if (is === "0") {
      const local = facts.service.spec?.externalTrafficPolicy === "Local";
      const why = local ? ", which with externalTrafficPolicy Local have to be on this node" : "";
      return [failed(id, name, `${name}: IPVS has ${place}, and sends it to no endpoint${why}`, log)];
    }
    const where =
      is === "present"
        ? "kube-proxy's rules have it"
        : `IPVS sends it to ${is} ${is === "1" ? "endpoint" : "endpoints"}`;
    return [passed(id, name, `${name}: ${place}: ${where}`)];
  });
  return [...ofServices, ...inputChecks(facts, name, input), ...endpointAnswers(name, endpoints)];
}

/** A rule or policy of INPUT. Whether it stops the clients shows in what becomes of a connection. */
function inputChecks({ fromHere }: Facts, name: string, { policy, rule }: ServiceFacts["input"]): Check[] {
  const id = "node.input";
  if (rule === undefined && policy === undefined) return [];
  const what = rule === undefined ? `the policy of INPUT is ${policy}` : `INPUT has '${rule}'`;
  const text = `${name}: ${what}, and in IPVS mode what comes to a Service passes it`;
  const outcomes = fromHere.own.length > 0 ? [] : fromHere.connections.map(({ outcome }) => outcome);
  if (outcomes.includes("answers")) return [skipped(id, name, `${text}; this host gets through`)];
  if (outcomes.length === 0) return [skipped(id, name, `${text}; whether it stops clients was not tried`)];
  return [failed(id, name, text, "let the Service's address and ports through, for the networks of its clients")];
}

function endpointAnswers(name: string, endpoints: ServiceFacts["endpoints"]): Check[] {
  const id = "node.endpoint";
  const which = (wanted: string) =>
    Object.entries(endpoints)
      .filter(([, is]) => is === wanted)
      .map(([endpoint]) => endpoint);
  const [answering, silent] = [which("answers"), which("silent")];
  if (silent.length > 0) {
    const text = `${name}: ${list(silent)} ${silent.length === 1 ? "takes" : "take"} no connection, though the endpoint is ready`;
    return [
      failed(
        id,
        name,
        text,
        "see whether the pod listens at the Service's targetPort, and the pods' network between the nodes",
      ),
    ];
  }
  return answering.length === 0
    ? []
    : [passed(id, name, `${name}: ${list(answering)} ${answering.length === 1 ? "takes" : "take"} connections`)];
}
