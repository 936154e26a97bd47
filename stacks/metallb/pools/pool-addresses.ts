import { type AddressRange, isRange, overlap, parseRange, sizeOf } from "../../../values/address-ranges";
import type { PoolConfig } from "../schema/pools";

type Addresses = Pick<PoolConfig, "addresses" | "avoidBuggyIPs">;

/** How many addresses of a pool Services can have. */
export function poolSize({ addresses, avoidBuggyIPs }: Addresses): bigint {
  const ranges = addresses.map(parseRange).filter(isRange);
  return ranges.reduce((sum, range) => sum + sizeOf(range) - (avoidBuggyIPs ? buggyIn(range) : 0n), 0n);
}

/** Whether MetalLB gives this address of a pool to a Service. */
export function poolHas({ addresses, avoidBuggyIPs }: Addresses, address: AddressRange): boolean {
  const inside = addresses.map(parseRange).some((range) => isRange(range) && overlap(range, address));
  return inside && !(avoidBuggyIPs && buggyIn(address) > 0n);
}

/** How many addresses of a range avoid-buggy-ips leaves out: those of IPv4 that end in .0 or .255. */
function buggyIn({ family, first, last }: AddressRange): bigint {
  if (family === 6) return 0n;
  const upTo = (value: bigint) => value / 256n + 1n + (value + 1n) / 256n;
  return upTo(last) - (first === 0n ? 0n : upTo(first - 1n));
}
