import { announcingProtocols, type AnnouncingProtocol } from "../../stacks/metallb/pools/protocols";
import { list } from "../verify/check";
import { UserError } from "../../values/user-error";
import { announcementsFor, candidates, layer2Order } from "./candidates";
import { electorateOf, poolOf } from "./electorate";
import { addressesOf, type ClusterFacts } from "./facts";

/** Who would announce a Service if nodes were gone. */
export interface Without {
  readonly nodes: readonly string[];
  readonly announcers: readonly {
    readonly protocol: AnnouncingProtocol;
    /** By layer2 the one, by BGP all of them. */
    readonly nodes: readonly string[];
    /** "without node2: node1 would announce 192.168.1.240 by layer2" */
    readonly text: string;
  }[];
  /** Why that cannot be known. */
  readonly unknown?: string;
}

/** Finds out who would announce. @throws UserError for a node that is none. */
export function without(facts: ClusterFacts, gone: readonly string[]): Without {
  const { service, config, nodes, pods, endpoints } = facts;
  const names = nodes.value?.map(({ metadata }) => metadata?.name ?? "") ?? config.nodes.map(({ name }) => name);
  const unknown = gone.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`--without: there is no node ${list(unknown)}; the cluster has ${list(names)}`);
  }
  const pool = poolOf(facts);
  if (pool === undefined) return { nodes: gone, announcers: [], unknown: "the Service has no address of a pool" };
  const electorate = electorateOf(facts, gone);
  if (electorate === undefined) {
    return { nodes: gone, announcers: [], unknown: nodes.problem ?? pods.problem ?? endpoints.problem };
  }
  const left = electorate.endpoints.some(({ ready, node = "" }) => ready && !gone.includes(node));
  const announcers = announcingProtocols
    .filter((protocol) => announcementsFor(pool, protocol, service).length > 0)
    .map((protocol) => {
      const all = candidates(protocol, electorate);
      const may =
        protocol === "layer2"
          ? layer2Order(electorate).slice(0, 1)
          : all.filter(({ out }) => out === undefined).map(({ node }) => node);
      // Without any endpoint nobody announces, whoever may.
      const would = left ? may : [];
      const who = `${list(addressesOf(facts))} by ${protocol}`;
      const why = left
        ? all
            .flatMap(({ node, out }) => (out === undefined || gone.includes(node) ? [] : [`${node}: ${out}`]))
            .join("; ")
        : "no ready endpoint is left, until Kubernetes makes others";
      const said =
        would.length > 0 ? `${list(would)} would announce ${who}` : `nobody would announce ${who}${why && `: ${why}`}`;
      return { protocol, nodes: would, text: `without ${list(gone)}: ${said}` };
    });
  return { nodes: gone, announcers };
}
