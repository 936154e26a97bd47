import ipaddr from "ipaddr.js";
import type { Expectation } from "./expectation";

/** Consecutive addresses of one family, as numbers; both ends belong to it. */
export interface AddressRange {
  readonly family: 4 | 6;
  readonly first: bigint;
  readonly last: bigint;
}

const bitsOf = { 4: 32, 6: 128 } as const;

/** Whether a text is an IPv4 address of four decimal parts. */
export function isIPv4(address: string): boolean {
  // Of any other text ipaddr.js makes an error and catches it, which takes a hundred times as long.
  return /^[\d.]+$/.test(address) && ipaddr.IPv4.isValidFourPartDecimal(address);
}

/** Whether a text is an IPv6 address: no zone, and no IPv4-mapped one, which Go reads as IPv4. */
export function isIPv6(address: string): boolean {
  return ipaddr.IPv6.isValid(address) && !address.includes("%") && !ipaddr.IPv6.parse(address).isIPv4MappedAddress();
}

/** One address as a range of one; undefined if the text is none. */
export function parseAddress(text: string): AddressRange | undefined {
  const family = isIPv4(text) ? 4 : isIPv6(text) ? 6 : undefined;
  if (family === undefined) return undefined;
  const value = ipaddr
    .parse(text)
    .toByteArray()
    .reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  return { family, first: value, last: value };
}

/**
 * The network of an address with a prefix length, as Go's net.ParseCIDR reads it: bits behind the prefix are set to zero,
 * so 10.0.0.10/24 is the whole of 10.0.0.0/24.
 */
export function parseCIDR(text: string): AddressRange | Expectation {
  const [addressText = "", lengthText = "", ...rest] = text.split("/");
  const address = parseAddress(addressText);
  if (address === undefined || rest.length > 0) {
    return { expected: "a network, such as 10.0.0.0/24", remedy: "write an IP address, a / and the prefix length" };
  }
  const bits = bitsOf[address.family];
  if (!/^(0|[1-9]\d{0,2})$/.test(lengthText) || Number(lengthText) > bits) {
    return {
      expected: `a prefix length from 0 to ${bits} behind the address`,
      remedy: `write such a length after a /; /${bits} is the one address`,
    };
  }
  const size = 1n << BigInt(bits - Number(lengthText));
  const first = address.first - (address.first % size);
  return { family: address.family, first, last: first + size - 1n };
}

/**
 * A network such as 10.0.0.0/24. Where bits are set behind the prefix, MetalLB 0.9 silently takes the whole network
 * (internal/config: net.ParseCIDR), so that is a mistake here.
 */
export function parseNetwork(text: string): AddressRange | Expectation {
  const range = parseCIDR(text);
  const [addressText = "", lengthText = ""] = text.split("/");
  if (!isRange(range) || range.first === parseAddress(addressText)?.first) return range;
  const network = `${addressOf(range.family, range.first)}/${lengthText}`;
  return {
    expected: "a network, whose address has no bits set behind the prefix length",
    remedy: `write ${network} for the whole network, or ${addressText}/${bitsOf[range.family]} for the one address`,
  };
}

/** A pool's range: a network, or two addresses joined by a hyphen. */
export function parseRange(text: string): AddressRange | Expectation {
  if (!text.includes("-")) {
    const address = parseAddress(text);
    if (address === undefined && text !== text.trim()) {
      return { expected: rangeForms, remedy: `take the spaces around it away: ${text.trim()}` };
    }
    if (address === undefined && !text.includes("/")) {
      return { expected: rangeForms, remedy: otherwiseJoined(text) };
    }
    if (address === undefined) return parseNetwork(text);
    return { expected: rangeForms, remedy: `write ${text}/${bitsOf[address.family]} for this one address` };
  }
  const [firstText = "", lastText = ""] = text.split(/-(.*)/s).map((part) => part.trim());
  const first = parseAddress(firstText);
  const last = parseAddress(lastText) ?? lastPart(firstText, lastText);
  if (typeof last === "string") {
    return { expected: "a whole address on both sides of the hyphen", remedy: `write ${firstText}-${last}` };
  }
  if (first === undefined || last === undefined) {
    const wrong = first === undefined ? firstText : lastText;
    return {
      expected: "an IP address on both sides of the hyphen",
      remedy: `correct ${JSON.stringify(wrong)}, which is no IP address`,
    };
  }
  if (first.family !== last.family) {
    return {
      expected: "two addresses of one family",
      remedy: "write an IPv4 range and an IPv6 range as two entries of the list",
    };
  }
  if (first.first > last.first) {
    return { expected: "the lower address first", remedy: `write ${lastText}-${firstText}` };
  }
  return { family: first.family, first: first.first, last: last.first };
}

/** What a range looks like, for a message. */
export const rangeForms = 'a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"';

/** What to write for two addresses that something else than a hyphen joins, as a web page or a word processor has it. */
function otherwiseJoined(text: string): string {
  const ends = text.split(/\s*(?:[\u2010-\u2015\u2212~,;]|\.{2,}|…|\bto\b)\s*|\s+/);
  if (ends.length === 2 && ends.every((end) => parseAddress(end) !== undefined)) {
    return `write ${ends.join("-")} for all from one to the other, or each of the two as an item of its own`;
  }
  return "write addresses in numbers, not names";
}

/** The address that the short form 192.168.1.240-250 means, which MetalLB does not accept. */
function lastPart(firstText: string, lastText: string): string | undefined {
  const address = firstText.replace(/\d+$/, lastText);
  return isIPv4(firstText) && /^\d+$/.test(lastText) && isIPv4(address) ? address : undefined;
}

/** Whether a result of `parseCIDR`, `parseNetwork` or `parseRange` is a range. */
export function isRange(result: AddressRange | Expectation): result is AddressRange {
  return "family" in result;
}

/** An address number as text. */
export function addressOf(family: 4 | 6, value: bigint): string {
  const bytes = Array.from({ length: bitsOf[family] / 8 }, (_, index) =>
    Number((value >> BigInt(bitsOf[family] - 8 * (index + 1))) & 255n),
  );
  return ipaddr.fromByteArray(bytes).toString();
}

/** Whether two ranges have an address in common. */
export function overlap(a: AddressRange, b: AddressRange): boolean {
  return a.family === b.family && a.first <= b.last && b.first <= a.last;
}

/** How many addresses a range has. */
export function sizeOf(range: AddressRange): bigint {
  return range.last - range.first + 1n;
}

/**
 * Length of the longest prefix among the networks that a range falls into, as MetalLB splits it
 * (github.com/mikioh/ipaddr, Summarize): 192.168.1.240-192.168.1.250 becomes a /29, a /31 and a /32, so 32.
 */
export function longestPrefix({ family, first, last }: AddressRange): number {
  const bits = bitsOf[family];
  const trailingZeros = (value: bigint) => {
    let zeros = 0;
    while (zeros < bits && ((value >> BigInt(zeros)) & 1n) === 0n) zeros += 1;
    return zeros;
  };
  return bits - Math.min(trailingZeros(first), trailingZeros(last + 1n));
}

/** Length of the shortest prefix among those networks: 29 for that range. */
export function shortestPrefix({ family, first, last }: AddressRange): number {
  const bits = bitsOf[family];
  const fits = (length: number) => {
    const size = 1n << BigInt(bits - length);
    return ((first + size - 1n) / size) * size + size - 1n <= last;
  };
  let length = 0;
  while (!fits(length)) length += 1;
  return length;
}
