import { type AddressRange, overlap, parseAddress, sizeOf } from "../../../values/address-ranges";
import type { PoolAddresses } from "../schema/pools";

/** The addresses of a pool, declared or found. */
export interface Addresses {
  readonly addresses: readonly PoolAddresses[];
  readonly avoidBuggyIPs: boolean;
}

/** How many addresses of a pool Services can have. */
export function poolSize({ addresses, avoidBuggyIPs }: Addresses): bigint {
  return addresses.reduce((sum, range) => sum + sizeOf(range) - (avoidBuggyIPs ? buggyIn(range) : 0n), 0n);
}

/** Whether MetalLB gives an address, such as "192.168.1.240", of this pool to a Service; a host name is none. */
export function poolHas({ addresses, avoidBuggyIPs }: Addresses, address: string): boolean {
  const one = parseAddress(address);
  if (one === undefined || !addresses.some((range) => overlap(range, one))) return false;
  return !(avoidBuggyIPs && buggyIn(one) > 0n);
}

/** The ranges of a pool as cluster.yaml has them. */
export const addressTexts = ({ addresses }: Pick<Addresses, "addresses">): string[] =>
  addresses.map(({ text }) => text);

/** How many addresses of a range avoid-buggy-ips leaves out: those of IPv4 that end in .0 or .255. */
function buggyIn({ family, first, last }: AddressRange): bigint {
  if (family === 6) return 0n;
  const upTo = (value: bigint) => value / 256n + 1n + (value + 1n) / 256n;
  return upTo(last) - (first === 0n ? 0n : upTo(first - 1n));
}
