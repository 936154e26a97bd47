import { type AddressRange, overlap, parseAddress } from "../../../values/address-ranges";
import type { MetallbDraft } from "../draft";
import type { Finding } from "../../../values/problem";
import { readPoolRanges } from "./pool-ranges";

interface ReservedAddress {
  readonly range: AddressRange;
  /** "worker1 (192.168.1.21)" */
  readonly text: string;
}

const namedAtMost = 3;

/**
 * Pools that contain an address that the cluster needs. In IPVS mode kube-proxy binds the address of every
 * LoadBalancer Service to kube-ipvs0 on every node; a node then answers itself where it should reach another host
 * (kubernetes#127410, metallb#364).
 */
export function checkReservedAddresses(draft: MetallbDraft): Finding[] {
  const reserved = reservedAddresses(draft);
  return readPoolRanges(draft).ranges.flatMap(({ range, text, path, pool }): Finding[] => {
    const inside = reserved.filter((address) => overlap(address.range, range));
    if (inside.length === 0) return [];
    const named = inside.slice(0, namedAtMost).map((address) => address.text);
    const more = inside.length - named.length;
    return [
      {
        severity: "error",
        path,
        given: `${JSON.stringify(text)} in ${pool}`,
        expected:
          `addresses that no host of the cluster has: it contains ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}; ` +
          "kube-proxy in IPVS mode binds LoadBalancer addresses to kube-ipvs0 on every node, so that the nodes would not reach those hosts any more",
        remedy: "choose a range without them",
      },
    ];
  });
}

function reservedAddresses(draft: MetallbDraft): ReservedAddress[] {
  const named: [string | undefined, string][] = [];
  draft.nodes?.forEach((node, index) => named.push([node?.address, node?.name ?? `node ${index + 1}`]));
  named.push([draft.ssh?.bastion?.host, "the bastion"]);
  draft.metallb?.peers?.forEach((peer) => named.push([peer?.peerAddress, "a BGP peer"]));
  draft.reservedAddresses?.forEach((address) => named.push([address, "a reserved address"]));
  return named.flatMap(([address, name]) => {
    const range = address === undefined ? undefined : parseAddress(address);
    return range === undefined ? [] : [{ range, text: `${name} (${address})` }];
  });
}
