import ipaddr from "ipaddr.js";
import type { Environment } from "../../values/environment";
import { announcingProtocols } from "../../stacks/metallb/pools/protocols";
import { parseAddress } from "../../values/address-ranges";
import { serviceName } from "../load-balancers";
import { type Check, failed, hasFailed, list, passed, skipped } from "../verify/check";
import { arpAnswerCheck, askArp, interfaceTowards, ownAddresses } from "../verify/same-network";
import { announcementsFor } from "./candidates";
import { poolOf } from "./electorate";
import { addressesOf, type ClusterFacts, type Facts, type FromHere, tcpPortsOf } from "./facts";
import { type Connection, connectSeconds, ownAddressTowards, tryConnection } from "./from-here";
import { withPort } from "./on-nodes";

const arpId = "answer.arp";

/** Asks the Service's addresses from this host: over TCP, and who has them over ARP where that can be asked. */
export async function askFromHere(facts: ClusterFacts, environment: Environment): Promise<FromHere> {
  const place = serviceName(facts.service);
  const addresses = addressesOf(facts).filter((address) => parseAddress(address) !== undefined);
  const own = ownAddresses(facts.config.nodes.map(({ address }) => address));
  const onNetwork = addresses.filter((address) => interfaceTowards(address) !== undefined);
  const pool = poolOf(facts);
  const byLayer2 = pool !== undefined && announcementsFor(pool, "layer2", facts.service).length > 0;
  const connections = Promise.all(
    addresses.flatMap((address) => tcpPortsOf(facts).map((port) => tryConnection(address, port))),
  );
  const asksFrom = Promise.all(addresses.map(async (address) => [address, await ownAddressTowards(address)] as const));
  const arp = Promise.all(
    (byLayer2 && own.length === 0 ? onNetwork : []).map(async (address): Promise<Check> => {
      if (address.includes(":"))
        return skipped(arpId, place, `${address} is an IPv6 address: who answers is not counted`);
      const root = process.getuid?.() === 0;
      // Without root only the answer to a connection is known, so that this has to come after one.
      if (!root) await connections;
      const answer = await askArp(address, interfaceTowards(address) ?? "", { environment, root });
      return arpAnswerCheck({ id: arpId, place, address }, answer);
    }),
  );
  return {
    own,
    onNetwork,
    asksFrom: Object.fromEntries(await asksFrom),
    connections: await connections,
    arp: await arp,
  };
}

/** What this host got for an answer; that it got none explains nothing where something was wrong before. */
export function answerChecks(facts: Facts, before: readonly Check[]): Check[] {
  const id = "answer.tcp";
  const { fromHere, service } = facts;
  const place = serviceName(service);
  if (addressesOf(facts).length === 0) return [];
  if (tcpPortsOf(facts).length === 0) return [skipped(id, place, "the Service has no port of TCP: it was not asked")];
  if (fromHere.own.length > 0) {
    return [skipped(id, place, `this host is a node (${list(fromHere.own)}): its answer would prove nothing`)];
  }
  const ranges = rangeChecks(facts);
  const explained = hasFailed([...before, ...ranges]);
  const arp = arpChecks(facts, explained);
  return [
    ...ranges,
    ...arp,
    ...fromHere.connections.map((one) => connectionCheck(facts, one, explained || hasFailed(arp))),
  ];
}

function arpChecks({ fromHere, live, service }: Facts, explained: boolean): Check[] {
  const pool = poolOf({ service, live });
  const byLayer2 = announcingProtocols.some(
    (protocol) => protocol === "layer2" && pool !== undefined && announcementsFor(pool, protocol, service).length > 0,
  );
  if (!byLayer2) return [];
  const away = addressesOf({ service }).filter((address) => !fromHere.onNetwork.includes(address));
  const notAsked =
    away.length === 0
      ? []
      : [skipped(arpId, serviceName(service), `ARP was not asked: this host is not on the network of ${list(away)}`)];
  // Nobody answers for what nobody announces; several that answer are a fault of their own.
  const asked = fromHere.arp.map((check) =>
    explained && check.status === "failed" && check.text.includes(": 0 MACs")
      ? skipped(check.id, check.place, check.text)
      : check,
  );
  return [...asked, ...notAsked];
}

/** Whether the Service lets this host in. */
function rangeChecks({ service, fromHere }: Facts): Check[] {
  const ranges = service.spec?.loadBalancerSourceRanges ?? [];
  if (ranges.length === 0) return [];
  const id = "service.source-ranges";
  const place = serviceName(service);
  const own = [...new Set(Object.values(fromHere.asksFrom).flatMap((one) => one ?? []))];
  const isIn = (address: string, range: string) => {
    if (!ipaddr.isValidCIDR(range)) return false;
    const [network, length] = ipaddr.parseCIDR(range);
    const one = ipaddr.parse(address);
    return one.kind() === network.kind() && one.match(network, length);
  };
  const kept = own.filter((address) => !ranges.some((range) => isIn(address, range)));
  const text = `Service ${place} lets in ${list(ranges)} (loadBalancerSourceRanges)`;
  if (kept.length === 0) return [passed(id, place, text)];
  const remedy =
    "add the clients' networks to spec.loadBalancerSourceRanges, or take it out; or ask from a host that it lets in";
  return [failed(id, place, `${text}, and not this host, which asks from ${list(kept)}`, remedy)];
}

function connectionCheck(facts: Facts, { address, port, outcome }: Connection, explained: boolean): Check {
  const id = "answer.tcp";
  const place = serviceName(facts.service);
  const asked = withPort(address, port);
  if (outcome === "answers") return passed(id, place, `${asked} takes a connection from this host`);
  const said = {
    refused: `${asked} refuses this host's connection`,
    silent: `${asked} does not answer this host within ${connectSeconds} s`,
    "no route": `this host has no route to ${asked}`,
  }[outcome];
  if (explained) return skipped(id, place, said);
  const isNear = facts.fromHere.onNetwork.includes(address);
  const why = isNear ? "" : ", and this host is not on its network";
  const remedies = {
    refused: "see whether the pods listen at the Service's targetPort, and whether another machine has the address",
    silent: isNear
      ? "see the firewalls between this host and the nodes, and whether the switch lets a node answer for other addresses"
      : "see the routes and firewalls between this host and the nodes' network; ask from a host on it",
    "no route": "see this host's routes, or ask from a host on the nodes' network",
  };
  return failed(id, place, `${said}${why}`, remedies[outcome]);
}
