// BIRD 2's configuration, and its answers: https://bird.network.cz/doc/bird-3.html

/** A BGP neighbour of the router. */
export interface BgpPeer {
  /** A word, such as the node's name. */
  readonly name: string;
  readonly address: string;
  readonly asn: number;
}

/** How BFD watches the way to each peer: a packet every so often, and how many may be missing. */
export interface Bfd {
  readonly intervalMilliseconds: number;
  readonly multiplier: number;
}

export interface Router {
  readonly address: string;
  /** Needed for peers that have one. */
  readonly ipv6Address?: string;
  readonly asn: number;
  /** @default none */
  readonly bfd?: Bfd;
  readonly peers: readonly BgpPeer[];
}

const isIpv6 = (address: string): boolean => address.includes(":");

/** The router takes every route from its peers, tells them none, and forwards by all next hops that are equally good. */
export function birdConfiguration({ address, ipv6Address, asn, bfd, peers }: Router): string {
  const bgp = peers.flatMap((peer) => [
    `protocol bgp ${peer.name} {`,
    `  local ${isIpv6(peer.address) ? ipv6Address : address} as ${asn};`,
    `  neighbor ${peer.address} as ${peer.asn};`,
    // MetalLB's speakers connect, and do not listen.
    "  passive on;",
    // Without it one that ended in an error, as BFD's, starts anew after a minute or more.
    "  error wait time 1, 5;",
    ...(bfd === undefined ? [] : ["  bfd on;"]),
    `  ${isIpv6(peer.address) ? "ipv6" : "ipv4"} { import all; export none; };`,
    "}",
  ]);
  const families = ["ipv4", ...(ipv6Address === undefined ? [] : ["ipv6"])];
  return [
    "log stderr all;",
    `router id ${address};`,
    "protocol device { }",
    ...families.flatMap((family) => [
      "protocol kernel {",
      "  merge paths on;",
      `  ${family} { import none; export where source = RTS_BGP; };`,
      "}",
    ]),
    ...(bfd === undefined
      ? []
      : [
          "protocol bfd {",
          `  interface "*" { interval ${bfd.intervalMilliseconds} ms; multiplier ${bfd.multiplier}; };`,
          "}",
        ]),
    ...bgp,
    "",
  ].join("\n");
}

/** The question whose answer `parseRoutes` reads. */
export const routesQuestion = ["show", "route", "where", "source", "=", "RTS_BGP"];

/** Each prefix with its next hops in order. A prefix stands in the line of its first route only, a hop in one of its own. */
export function parseRoutes(answer: string): Record<string, string[]> {
  const routes: Record<string, string[]> = {};
  let hops: string[] = [];
  for (const line of answer.split("\n")) {
    const prefix = /^([0-9a-f.:]+\/\d+)\s/.exec(line)?.[1];
    if (prefix !== undefined) hops = routes[prefix] ??= [];
    const hop = /^\s+via (\S+) on /.exec(line)?.[1];
    if (hop !== undefined && !hops.includes(hop)) hops.push(hop);
  }
  for (const found of Object.values(routes)) found.sort();
  return routes;
}

/** The question whose answer `parseBfdSessions` reads. */
export const bfdQuestion = ["show", "bfd", "sessions"];

/** Each neighbour's address with the state of its BFD session, such as "Up". */
export function parseBfdSessions(answer: string): Record<string, string> {
  const line = /^([0-9a-f.:]+)\s+\S+\s+(AdminDown|Down|Init|Up)\s/;
  const sessions = answer.split("\n").flatMap((text) => {
    const [, address, state] = line.exec(text) ?? [];
    return address === undefined || state === undefined ? [] : [[address, state] as const];
  });
  return Object.fromEntries(sessions.sort(([one], [other]) => (one < other ? -1 : 1)));
}
