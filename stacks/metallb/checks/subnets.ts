import type { AddressRange } from "../../../values/address-ranges";

/** The usual lengths of a subnet. cluster.yaml does not have the nodes' own. */
export const usualSubnets = { 4: { hostBits: 8n, text: "/24" }, 6: { hostBits: 64n, text: "/64" } } as const;

/**
 * Whether a range reaches into the usual subnet of one of some addresses. Undefined where none of them is of its family:
 * nodes are listed with one address each, and nothing is known of their others.
 */
export function isNear({ family, first, last }: AddressRange, addresses: readonly AddressRange[]): boolean | undefined {
  const { hostBits } = usualSubnets[family];
  const subnets = new Set(addresses.filter((one) => one.family === family).map((one) => one.first >> hostBits));
  if (subnets.size === 0) return undefined;
  return [...subnets].some((subnet) => subnet >= first >> hostBits && subnet <= last >> hostBits);
}
