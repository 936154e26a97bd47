import type { ClusterConfig } from "../../cluster/schema";
import { runningOf } from "../../stacks/metallb/release/running";
import { askEndpoints, type Identity, identityAt } from "./ask-endpoints";
import { type Check, failed, list, passed, skipped } from "./check";
import { arpAnswerCheck, askArp, interfaceTowards, ownAddresses } from "./same-network";
import { waitUntil } from "./wait";

const askSeconds = 60;

/** Schedulers that send every connection of one client to the same endpoint. */
const oneEndpointEach: readonly string[] = ["sh", "dh", "mh", "lblc", "lblcr", "fo", "ovf"];

/** A speaker that serves as an endpoint. */
export interface TrialEndpoint {
  readonly node: string;
  readonly address: string;
  /** When its process started; undefined where that cannot be asked: then its certificate tells who it is. */
  readonly startTime?: number;
}

/** The trial's Service, with its address. */
export interface AskedService {
  /** Namespace and name. */
  readonly place: string;
  readonly address: string;
  readonly endpoints: readonly TrialEndpoint[];
  readonly signal: AbortSignal;
}

/** Asks the Service's address over HTTP and ARP, where this host is on its network and is no node itself. */
export async function* askFromHere(config: ClusterConfig, given: AskedService): AsyncGenerator<Check> {
  const { place, address, signal } = given;
  const towards = interfaceTowards(address);
  const own = ownAddresses(config.nodes.map((node) => node.address));
  if (towards === undefined || own.length > 0) {
    const why =
      towards === undefined
        ? `this host is not on the network of ${address}`
        : `this host is a node (${list(own)}), whose answer proves nothing`;
    yield skipped("trial.http", place, `${address} was not asked: ${why}`);
    yield skipped("trial.arp", place, `ARP for ${address} was not asked: ${why}`);
    return;
  }
  yield await httpCheck(config, given);
  yield await arpCheck(place, address, towards, signal);
}

async function httpCheck(
  { kubeProxy, metallb }: ClusterConfig,
  { place, address, endpoints, signal }: AskedService,
): Promise<Check> {
  const id = "trial.http";
  const { port, secure } = runningOf(metallb.version).metrics;
  const urlOf = (host: string, suffix = "") =>
    `${secure ? "https" : "http"}://${host.includes(":") ? `[${host}]` : host}${suffix}/metrics`;
  // Port 80 of the Service, whatever is spoken on it.
  const url = urlOf(address, secure ? ":80" : "");
  const byIdentity = new Map<Identity, string>();
  for (const { node, address: host, startTime } of endpoints) {
    try {
      const identity = startTime ?? (await identityAt(urlOf(host, `:${port}`)));
      if (identity !== undefined) byIdentity.set(identity, node);
    } catch (error) {
      const why = `the certificate of the speaker on ${node} cannot be read at ${host}:${port} (${(error as Error).message})`;
      return skipped(id, place, `${url} was not asked: ${why}, so that its answer could not be told from others`);
    }
  }
  const scheduler = kubeProxy.mode === "ipvs" ? kubeProxy.scheduler : undefined;
  const sticky = scheduler !== undefined && oneEndpointEach.includes(scheduler);
  const enough = sticky ? 1 : endpoints.length;
  const { answered, requests, problem } = await askEndpoints(
    url,
    { endpoints: byIdentity, enough },
    { seconds: askSeconds, signal },
  );
  if (answered.length < enough) {
    const missing = list(endpoints.map(({ node }) => node).filter((node) => !answered.includes(node)));
    const last = problem === undefined ? "" : `; the last that failed: ${problem}`;
    const text = `${url}: ${requests} requests in ${askSeconds} s, answered by ${list(answered)}, not by ${missing}${last}`;
    return failed(
      id,
      place,
      text,
      `see that no firewall closes port ${port}/tcp between the nodes, and the nodes' checks`,
    );
  }
  const note = sticky ? ` (the scheduler ${scheduler} sends one client to one endpoint)` : "";
  return passed(id, place, `${url} answers this host, from ${list(answered)}${note}`);
}

async function arpCheck(place: string, address: string, towards: string, signal: AbortSignal): Promise<Check> {
  const id = "trial.arp";
  if (address.includes(":")) return skipped(id, place, `${address} is an IPv6 address: who answers is not counted`);
  const options = { environment: process.env, root: process.getuid?.() === 0 };
  let answer = await askArp(address, towards, options);
  // The first requests may be lost.
  await waitUntil(
    15,
    async () => {
      if (answer.macs.length === 1) return true;
      answer = await askArp(address, towards, options);
      return undefined;
    },
    signal,
  );
  return arpAnswerCheck({ id, place, address }, answer);
}
