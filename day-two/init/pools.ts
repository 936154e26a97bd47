import { isDeepStrictEqual } from "node:util";
import { addressOf, isRange, parseCIDR, parseRange } from "../../values/address-ranges";
import { inWholeSeconds } from "../../values/durations";
import { durationOrZero } from "../../values/scalars";
import { given, type Mapping } from "./note";

/** The sections of `metallb` that say what is announced to whom, as they are written. */
export interface WrittenPools {
  readonly pools: readonly Mapping[];
  readonly peers: readonly Mapping[];
  readonly bfdProfiles: readonly Mapping[];
  readonly bgpCommunities: Mapping;
}

/**
 * A pool's range as cluster.yaml takes it. MetalLB takes bits behind a prefix for the whole network, and so it is written;
 * anything else stays as it is.
 */
export function normalRange(range: unknown): unknown {
  if (typeof range !== "string" || range.includes("-") || isRange(parseRange(range))) return range;
  const network = parseCIDR(range);
  return isRange(network) ? `${addressOf(network.family, network.first)}/${range.split("/")[1]}` : range;
}

/** A router's timer as cluster.yaml takes it: one in whole seconds stays as it is written. */
export const normalTimer = (time: unknown): unknown =>
  typeof time !== "string" || durationOrZero.safeParse(time).success ? time : inWholeSeconds(time);

/** Without what says the same as no key: upstream's defaults, and what stands for nothing. */
export const plainEntries = (entry: Mapping, defaults: Mapping = {}): Mapping =>
  Object.fromEntries(
    Object.entries(given(entry)).filter(
      ([key, value]) =>
        value !== "" &&
        value !== null &&
        !(Array.isArray(value) && value.length === 0) &&
        !(key in defaults && isDeepStrictEqual(value, defaults[key])),
    ),
  );
