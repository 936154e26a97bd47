import type { PeerConfig } from "../schema/bgp";

/** A part of a peer that names it. Any part may be missing in a configuration that has mistakes. */
export type NamedPeer = Partial<Pick<PeerConfig, "name" | "peerAddress" | "interface">> | undefined;

/**
 * The names of BGP peers, in their order: the given ones, and for the others the address with hyphens, 10-0-0-1 or
 * fd00--1, or the interface, followed by -2, -3 and so on where that name is taken. Undefined where there is none of them.
 */
export function peerNames(peers: readonly NamedPeer[]): (string | undefined)[] {
  const taken = new Set(peers.map((peer) => peer?.name));
  return peers.map((peer) => {
    const end = peer?.peerAddress ?? peer?.interface;
    if (peer?.name !== undefined || end === undefined) return peer?.name;
    const name = firstFree(
      end
        .toLowerCase()
        .replace(/[^a-z0-9]/g, "-")
        .replace(/^-+|-+$/g, ""),
      taken,
    );
    taken.add(name);
    return name;
  });
}

/** The name itself, or with -2, -3 and so on behind it, whichever is the first that is not taken. */
export function firstFree(name: string, taken: ReadonlySet<string | undefined>, number = 1): string {
  const candidate = number === 1 ? name : `${name}-${number}`;
  return taken.has(candidate) ? firstFree(name, taken, number + 1) : candidate;
}
