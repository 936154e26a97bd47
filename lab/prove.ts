import { kubectlJson } from "./cluster/kubectl";
import { run } from "./command";
import { LabError } from "./lab-error";
import type { Lab } from "./lab-settings";
import { inNamespace } from "./namespaces";
import { clientNamespace, familyPlans, planNodes } from "./network-plan";
import { sleep, waitFor } from "./wait";
import { workload } from "./workload";

/** What a host outside of the cluster has seen. */
export interface Evidence {
  /** The address that the Service was given. */
  readonly address: string;
  /** How long it took until a request was answered there. */
  readonly secondsToFirstAnswer: number;
  readonly requests: number;
  /** Those of the requests that nobody answered within 3 s. */
  readonly unanswered: number;
  /** The pods that answered: all of the workload's. */
  readonly replicas: readonly string[];
  /** Answers to ARP, or to NDP for an IPv6 address. */
  readonly neighbourReplies: number;
  /** The one MAC that answers for the address, and the node that it belongs to. */
  readonly mac: string;
  readonly node: string;
}

/** Long enough for a pod to start again on a node that was just rebooted. */
const requestSeconds = 90;
const neighbourRequests = 5;
const neighbourSeconds = 30;

/**
 * Shows from the outside host that the Service works, or throws what was seen and what was expected: one proof for its
 * address of each family that the cluster has.
 */
export async function prove(lab: Lab, binaries: string): Promise<[Evidence, ...Evidence[]]> {
  const replicas = await readyReplicas(lab, binaries);
  const [first, ...others] = await loadBalancerAddresses(lab, binaries);
  const proofs: [Evidence, ...Evidence[]] = [await proveAddress(lab, first, replicas)];
  for (const address of others) proofs.push(await proveAddress(lab, address, replicas));
  return proofs;
}

async function proveAddress(lab: Lab, address: string, replicas: readonly string[]): Promise<Evidence> {
  const start = Date.now();
  let seen = "";
  await waitFor(
    { what: `an HTTP answer at ${urlOf(address)} from outside`, timeoutSeconds: 60, seen: () => seen },
    async () => {
      const answer = await request(address);
      seen = answer.error ?? "";
      return answer.body;
    },
  );
  const secondsToFirstAnswer = (Date.now() - start) / 1000;
  const answered = new Set<string>();
  let requests = 0;
  let unanswered = 0;
  const end = Date.now() + requestSeconds * 1000;
  while (Date.now() < end && replicas.some((name) => !answered.has(name))) {
    if (requests > 0) await sleep(0.2);
    requests += 1;
    const { body } = await request(address);
    if (body === undefined) unanswered += 1;
    else answered.add(body);
  }
  if (replicas.some((name) => !answered.has(name))) {
    throw new LabError(
      `${requests} requests to ${address} in ${requestSeconds} s, ${unanswered} unanswered, were answered by ${list([...answered])}; expected all of ${list(replicas)}`,
    );
  }
  const { mac, replies } = await oneMac(address);
  const node = planNodes(lab.nodeCount).find((plan) => plan.mac === mac)?.name;
  if (node === undefined)
    throw new LabError(`${protocolOf(address)} for ${address}: ${mac} is none of the nodes' MACs`);
  return {
    address,
    secondsToFirstAnswer,
    requests,
    unanswered,
    replicas: [...answered].sort(),
    neighbourReplies: replies,
    mac,
    node,
  };
}

export function describeEvidence(evidence: Evidence): string[] {
  return [
    `${urlOf(evidence.address)} answers a host outside of the cluster, after ${evidence.secondsToFirstAnswer.toFixed(1)} s`,
    `${evidence.requests} requests, ${evidence.unanswered} unanswered, reached all ${evidence.replicas.length} replicas: ${list(evidence.replicas)}`,
    `${evidence.neighbourReplies} ${protocolOf(evidence.address)} answers for the address, all from one MAC: ${evidence.mac}, ${evidence.node}`,
  ];
}

const isIpv6 = (address: string): boolean => address.includes(":");

/** What a host asks by for the MAC that has an address. */
const protocolOf = (address: string) => (isIpv6(address) ? "NDP" : "ARP");

/** Where the workload answers: http://10.89.0.240:9200, http://[fd00:89::240]:9200. */
export const urlOf = (address: string): string =>
  `http://${isIpv6(address) ? `[${address}]` : address}:${workload.port}`;

/** Which MACs answered, and how often. */
interface Answers {
  readonly macs: string[];
  readonly replies: number;
}

/** What `arping -r` prints: a line for each answer. */
export const arpAnswers = (output: string): Answers =>
  distinct(output.matchAll(/^((?:[0-9a-f]{2}:){5}[0-9a-f]{2})$/gm));

/** The neighbour advertisements for an address among what `tcpdump -v` prints of ICMPv6. */
export const ndpAnswers = (output: string, address: string): Answers =>
  distinct(
    output.matchAll(
      new RegExp(
        `tgt is ${address}, Flags.*\\n\\s+destination link-address option.*: ((?:[0-9a-f]{2}:){5}[0-9a-f]{2})`,
        "g",
      ),
    ),
  );

function distinct(found: Iterable<RegExpExecArray>): Answers {
  const answers = [...found].map(([, mac = ""]) => mac);
  return { macs: [...new Set(answers)].sort(), replies: answers.length };
}

/**
 * The one MAC that answers for the address. After a node or a speaker came back, the one that announced before and the
 * one that takes over may both answer for a moment, so it asks again for a while. Where strictARP is not in force every
 * node answers each time.
 */
async function oneMac(address: string): Promise<{ mac: string; replies: number }> {
  let seen = "";
  return waitFor(
    {
      what: `${protocolOf(address)} for ${address}: exactly one MAC`,
      timeoutSeconds: neighbourSeconds,
      intervalSeconds: 2,
      seen: () => seen,
    },
    async () => {
      const { macs, replies } = await askForMacs(address, neighbourRequests);
      seen = `${neighbourRequests} requests, ${replies} answers from ${macs.length} MACs (${list(macs)})`;
      const [mac] = macs;
      return mac !== undefined && macs.length === 1 ? { mac, replies } : undefined;
    },
  );
}

/** Asks who has the address from the outside host. Each request goes to all: every node that would answer, does. */
export async function askForMacs(address: string, requests: number): Promise<Answers> {
  if (isIpv6(address)) return askByNdp(address, requests);
  const arping = ["arping", "-r", "-c", String(requests), "-w", String(requests * 3), "-i", "eth0", address];
  return arpAnswers((await run(inNamespace(clientNamespace, arping), { timeoutSeconds: 30 })).stdout);
}

/**
 * ndisc6 asks, as a host of the network does, from its own address, and tcpdump hears the answers: of those that come from
 * another address than the one that was asked for, as MetalLB's do, ndisc6 tells nothing.
 */
async function askByNdp(address: string, requests: number): Promise<Answers> {
  const tcpdump = ["tcpdump", "-l", "-n", "-v", "-Q", "in", "-i", "eth0", "icmp6 and ip6[40] == 136"];
  const ndisc6 = ["ndisc6", "-q", "-m", "-n", "-r", "1", "-w", "1000", "-s", familyPlans.IPv6.client, address, "eth0"];
  const listening = run(inNamespace(clientNamespace, ["timeout", String(requests + 3), ...tcpdump]), {
    timeoutSeconds: 30,
  });
  // Until it listens.
  await sleep(1);
  for (let request = 0; request < requests; request++) {
    await run(inNamespace(clientNamespace, ndisc6), { timeoutSeconds: 10 });
  }
  return ndpAnswers((await listening).stdout, address);
}

/** Asks the workload once from a host, the outside one if none is named, for at most 3 s. */
export async function request(
  address: string,
  namespace = clientNamespace,
): Promise<{ body?: string; error?: string }> {
  const command = ["curl", "-g", "--silent", "--show-error", "--fail", "--max-time", "3", `${urlOf(address)}/`];
  const { code, stdout, output } = await run(inNamespace(namespace, command), { timeoutSeconds: 10 });
  return code === 0 ? { body: stdout.trim() } : { error: output.trim() };
}

interface PodList {
  readonly items: readonly {
    readonly metadata: { readonly name: string; readonly deletionTimestamp?: string };
    readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
  }[];
}

/** The names of the pods that are Ready, out of `kubectl get pods -o json`. */
export function readyPods(list: unknown): string[] {
  return (list as PodList).items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status }) => status.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True"))
    .map(({ metadata }) => metadata.name);
}

async function readyReplicas(lab: Lab, binaries: string): Promise<string[]> {
  const { namespace, name, replicas } = workload;
  let ready: string[] = [];
  return waitFor(
    {
      what: `${replicas} replicas of the workload to be ready`,
      timeoutSeconds: 120,
      intervalSeconds: 1,
      seen: () => list(ready),
    },
    async () => {
      ready = readyPods(await kubectlJson(lab, binaries, ["-n", namespace, "get", "pods", "-l", `app=${name}`]));
      return ready.length === replicas ? ready : undefined;
    },
  );
}

interface Service {
  readonly status: { readonly loadBalancer?: { readonly ingress?: readonly { readonly ip?: string }[] } };
}

async function loadBalancerAddresses(lab: Lab, binaries: string): Promise<[string, ...string[]]> {
  const { name, namespace } = workload;
  const families = list(lab.ipFamilies);
  return waitFor(
    {
      what: `Service ${name} to be given an address (${families}): MetalLB's controller does that`,
      timeoutSeconds: 60,
      intervalSeconds: 1,
    },
    async () => {
      const service = (await kubectlJson(lab, binaries, ["-n", namespace, "get", "service", name])) as Service;
      const given = service.status.loadBalancer?.ingress?.flatMap(({ ip }) => ip ?? []) ?? [];
      const [first, ...others] = given;
      return first !== undefined && given.length === lab.ipFamilies.length ? [first, ...others] : undefined;
    },
  );
}

function list(names: readonly string[]): string {
  return names.length === 0 ? "none" : names.join(", ");
}
