import { isSince } from "../../../values/versions";
import type { PeerConfig } from "../schema/bgp";
import { isByFrr } from "../release/releases";
import type { MetallbConfig } from "../schema/metallb";

/** What MetalLB takes where a peer has no timer. */
const upstreamDefault = "90s";

/** Whether a peer without timers has those of FRR: from 0.14.9 on (parseTimers in internal/config/config.go, #2537). */
export const leavesTimersToFrr = ({ version, bgpType }: Pick<MetallbConfig, "version" | "bgpType">): boolean =>
  isByFrr(bgpType) && isSince(version, "0.14.9");

/**
 * The hold time of a peer, as it is to be written. Undefined where MetalLB is to find none: then FRR's own holds, or three
 * times the keepalive time. For MetalLB's own BGP 90s is written, which it would take too; upstream: NewSession in
 * internal/bgp/native/native.go.
 */
export const holdTimeOf = (
  { holdTime }: Partial<Pick<PeerConfig, "holdTime">>,
  metallb: Pick<MetallbConfig, "version" | "bgpType">,
): string | undefined => holdTime ?? (leavesTimersToFrr(metallb) ? undefined : upstreamDefault);
