import { type AddressRange, addressOf, overlap, parseAddress } from "../../values/address-ranges";
import { specialNetworkOf } from "../../stacks/metallb/checks/special-networks";
import { usualSubnets } from "../../stacks/metallb/checks/subnets";

/** How many addresses are proposed, if there are as many. */
const wanted = 11n;

/** Where in the nodes' network a range is looked for, from its first address on: the highest place first. */
const places = { 4: { lowest: 2n, highest: 240n }, 6: { lowest: 0x100n, highest: 0xf000n } } as const;

/** What a pool is proposed from. */
export interface ProposalFacts {
  /** The nodes' addresses. */
  readonly nodes: readonly string[];
  /** Addresses that somebody is known to have: the API server's, and those of Services. */
  readonly taken: readonly string[];
  /** The pods' and the Services' networks, which no pool may touch. */
  readonly networks: readonly AddressRange[];
  /** The families that Services have addresses of. */
  readonly families: readonly (4 | 6)[];
}

/**
 * Ranges of the network that most nodes are in, by the usual length of a subnet, without any address that the cluster is
 * known to use. None of a family that no node has an address of. Nobody is asked whether the addresses are free.
 */
export function proposedRanges({ nodes, taken, networks, families }: ProposalFacts): string[] {
  const used = [...nodes, ...taken].flatMap((text) => parseAddress(text) ?? []);
  const ofNodes = nodes.flatMap((text) => parseAddress(text) ?? []);
  return families.flatMap((family) => {
    const network = commonNetwork(ofNodes, family);
    if (network === undefined) return [];
    const { lowest, highest } = places[family];
    // Fewer where no place has as many.
    for (let size = wanted; size > 0n; size -= 1n) {
      for (let start = highest; start >= lowest; start -= 1n) {
        const range = { family, first: network + start, last: network + start + size - 1n };
        const isFree = ![...used, ...networks].some((other) => overlap(other, range));
        if (isFree && specialNetworkOf(range) === undefined)
          return [`${addressOf(family, range.first)}-${addressOf(family, range.last)}`];
      }
    }
    return [];
  });
}

/** The first address of the usual subnet that most of some addresses are in. */
function commonNetwork(addresses: readonly AddressRange[], family: 4 | 6): bigint | undefined {
  const { hostBits } = usualSubnets[family];
  const counts = new Map<bigint, number>();
  for (const { first } of addresses.filter((one) => one.family === family)) {
    const subnet = first >> hostBits;
    counts.set(subnet, (counts.get(subnet) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([, a], [, b]) => b - a);
  return most === undefined ? undefined : most[0] << hostBits;
}
