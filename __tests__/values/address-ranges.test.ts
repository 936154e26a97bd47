import {
  addressOf,
  isRange,
  longestPrefix,
  overlap,
  parseAddress,
  parseNetwork,
  parseRange,
  sizeOf,
} from "../../values/address-ranges";
import { apiServiceAddress } from "../../stacks/shared/api-service";

/** A range in words: "10.0.0.0 to 10.0.0.255, 256 addresses". */
function described(text: string): string {
  const range = parseRange(text);
  if (!isRange(range)) return range.remedy;
  const { family, first, last } = range;
  return `${addressOf(family, first)} to ${addressOf(family, last)}, ${sizeOf(range)} addresses`;
}

describe("Ranges of addresses", () => {
  it.each([
    ["10.0.0.0/24", "10.0.0.0 to 10.0.0.255, 256 addresses"],
    ["10.0.0.10/32", "10.0.0.10 to 10.0.0.10, 1 addresses"],
    ["10.0.0.1-10.0.0.1", "10.0.0.1 to 10.0.0.1, 1 addresses"],
    ["10.0.0.250-10.0.1.5", "10.0.0.250 to 10.0.1.5, 12 addresses"],
    ["10.0.0.1 - 10.0.0.9", "10.0.0.1 to 10.0.0.9, 9 addresses"],
    ["0.0.0.0/0", "0.0.0.0 to 255.255.255.255, 4294967296 addresses"],
    ["255.255.255.255/32", "255.255.255.255 to 255.255.255.255, 1 addresses"],
    ["2001:db8::/64", "2001:db8:: to 2001:db8::ffff:ffff:ffff:ffff, 18446744073709551616 addresses"],
    ["2001:DB8::9-2001:db8::a", "2001:db8::9 to 2001:db8::a, 2 addresses"],
    ["::/0", `:: to ${"ffff:".repeat(8).slice(0, -1)}, ${2n ** 128n} addresses`],
  ])("%s is %s", (text, expected) => {
    expect(described(text)).toBe(expected);
  });

  it.each([
    ["", "write addresses in numbers, not names"],
    ["gateway to the lan", "write addresses in numbers, not names"],
    ["10.0.0.*", "write addresses in numbers, not names"],
    ...["–", " — ", "−", "~", "..", " ... ", "…", " to ", ", ", " "].map((joined) => [
      `10.0.0.1${joined}10.0.0.9`,
      "write 10.0.0.1-10.0.0.9 for all from one to the other, or each of the two as an item of its own",
    ]),
    [" 10.0.0.0/24\t", "take the spaces around it away: 10.0.0.0/24"],
    ["10.0.0.1", "write 10.0.0.1/32 for this one address"],
    ["2001:db8::1", "write 2001:db8::1/128 for this one address"],
    ["10.0.0.0/08", "write such a length after a /; /32 is the one address"],
    ["10.0.0.0/", "write such a length after a /; /32 is the one address"],
    ["10.0.0.0/-1", 'correct "10.0.0.0/", which is no IP address'],
    ["2001:db8::/129", "write such a length after a /; /128 is the one address"],
    ["10.0.0/24", "write an IP address, a / and the prefix length"],
    ["10.0.0.0/24/24", "write an IP address, a / and the prefix length"],
    ["010.0.0.0/24", "write an IP address, a / and the prefix length"],
    ["0x0a.0.0.0/8", "write an IP address, a / and the prefix length"],
    ["10.0.0.0 /24", "write an IP address, a / and the prefix length"],
    ["10.0.0.1/24", "write 10.0.0.0/24 for the whole network, or 10.0.0.1/32 for the one address"],
    ["10.0.0.1/0", "write 0.0.0.0/0 for the whole network, or 10.0.0.1/32 for the one address"],
    ["10.0.0.1-", 'correct "", which is no IP address'],
    ["-10.0.0.1", 'correct "", which is no IP address'],
    ["10.0.0.1-10.0.0.5-10.0.0.9", 'correct "10.0.0.5-10.0.0.9", which is no IP address'],
    ["10.0.0.0/24-10.0.1.0/24", 'correct "10.0.0.0/24", which is no IP address'],
    ["10.0.0.1-300", 'correct "300", which is no IP address'],
    ["10.0.0.1-9", "write 10.0.0.1-10.0.0.9"],
    ["10.0.0.9-10.0.0.1", "write 10.0.0.1-10.0.0.9"],
    ["2001:db8::9-2001:db8::1", "write 2001:db8::1-2001:db8::9"],
    ["10.0.0.1-2001:db8::1", "write an IPv4 range and an IPv6 range as two entries of the list"],
    ["fe80::1%eth0/128", "write an IP address, a / and the prefix length"],
    ["::ffff:10.0.0.1/128", "write an IP address, a / and the prefix length"],
  ])("%j is refused: %s", (text, remedy) => {
    expect(described(text)).toBe(remedy);
  });

  it("every network from /0 to /32 has its own first and last address", () => {
    for (let length = 0; length <= 32; length += 1) {
      const network = parseNetwork(`0.0.0.0/${length}`);
      expect(network).toStrictEqual({ family: 4, first: 0n, last: 2n ** BigInt(32 - length) - 1n });
    }
  });

  it.each(["0.0.0.0", "10.1.2.3", "255.255.255.255", "::", "::1", "2001:db8::a:0:0:1"])(
    "the address %s is itself again after a number was made of it",
    (text) => {
      const address = parseAddress(text);
      expect(address && addressOf(address.family, address.first)).toBe(text);
    },
  );

  it.each([
    ["10.0.0.0/24", "10.0.0.255-10.0.1.0", true],
    ["10.0.0.0/24", "10.0.1.0/24", false],
    ["10.0.0.5-10.0.0.9", "10.0.0.0/8", true],
    ["0.0.0.0/0", "::/0", false],
  ])("%s and %s have addresses in common: %s", (a, b, expected) => {
    const [first, second] = [parseRange(a), parseRange(b)];
    expect(isRange(first) && isRange(second) && [overlap(first, second), overlap(second, first)]).toStrictEqual([
      expected,
      expected,
    ]);
  });

  it.each([
    ["10.0.0.0/26", 26],
    ["192.168.1.240-192.168.1.250", 32],
    ["192.168.1.240-192.168.1.251", 30],
    ["10.0.0.0-10.0.0.255", 24],
    ["10.0.0.8-10.0.0.9", 31],
    ["0.0.0.0/0", 0],
    ["128.0.0.0-255.255.255.255", 1],
    ["2001:db8::/64", 64],
  ])("MetalLB splits %s into networks as small as /%d", (text, expected) => {
    const range = parseRange(text);
    expect(isRange(range) && longestPrefix(range)).toBe(expected);
  });

  it.each([
    ["10.96.0.0/12", "10.96.0.1"],
    ["10.0.255.0/24", "10.0.255.1"],
    ["10.96.0.0/12,fd00::/112", "10.96.0.1"],
    ["fd00:20::/112", "fd00:20::1"],
  ])("the API service of %s has the address %s", (network, address) => {
    expect(apiServiceAddress(network)).toBe(address);
  });

  it("an API service address of no network is an exception", () => {
    expect(() => apiServiceAddress("services")).toThrow(
      'not a network: "services"; expected a network, such as 10.0.0.0/24',
    );
  });
});
