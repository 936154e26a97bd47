import { type AddressRange, isRange, overlap, parseNetwork, sizeOf } from "../../../values/address-ranges";

/** Networks whose addresses mean something else everywhere (RFC 6890), and one address that kube-proxy needs. */
const specialNetworks: readonly { readonly network: string; readonly meaning: string }[] = [
  { network: "0.0.0.0/8", meaning: '"this host"' },
  { network: "127.0.0.0/8", meaning: "loopback" },
  { network: "169.254.0.0/16", meaning: "link-local" },
  { network: "224.0.0.0/4", meaning: "multicast" },
  { network: "240.0.0.0/4", meaning: "reserved" },
  // pkg/proxy/ipvs/proxier.go makes a virtual server with this address at start and deletes it again.
  { network: "198.51.100.0/32", meaning: "the address that kube-proxy tests IPVS with when it starts" },
  { network: "::/128", meaning: "the unspecified address" },
  { network: "::1/128", meaning: "loopback" },
  { network: "::ffff:0:0/96", meaning: "IPv4 addresses in IPv6 form" },
  { network: "fe80::/10", meaning: "link-local" },
  { network: "ff00::/8", meaning: "multicast" },
];

const parsed = specialNetworks.flatMap(({ network, meaning }) => {
  const range = parseNetwork(network);
  return isRange(range) ? [{ range, text: `${network} (${meaning})` }] : [];
});

const wholeSize = { 4: 1n << 32n, 6: 1n << 128n } as const;

/** The special network that a range reaches into, in words; undefined if there is none. */
export function specialNetworkOf(range: AddressRange): string | undefined {
  if (sizeOf(range) === wholeSize[range.family]) return "every address there is";
  return parsed.find((special) => overlap(special.range, range))?.text;
}
