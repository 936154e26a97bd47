import type { Draft } from "../../../values/draft";
import type { PoolConfig } from "../schema/pools";

/** What announces addresses, each with the key of a pool that has its announcements. */
export const announcementKeys = { layer2: "l2Advertisements", bgp: "bgpAdvertisements" } as const;

/** The kind of the objects that they become. */
export const announcementKinds = { layer2: "L2Advertisement", bgp: "BGPAdvertisement" } as const;

export type AnnouncingProtocol = keyof typeof announcementKeys;

export const announcingProtocols = Object.keys(announcementKeys) as AnnouncingProtocol[];

/** The part of a pool that says who announces it. Any of it may be missing in a configuration that has mistakes. */
export type AnnouncedPool = Draft<Pick<PoolConfig, "protocol" | "l2Advertisements" | "bgpAdvertisements">>;

/**
 * The protocols that announce a pool: its own, and beside it the other one where there are announcements of it. None where
 * its protocol is none: then MetalLB gives addresses of it, and leaves it to others to announce them.
 */
export const protocolsOf = (pool: AnnouncedPool): AnnouncingProtocol[] =>
  pool.protocol === "none"
    ? []
    : announcingProtocols.filter(
        (protocol) => pool.protocol === protocol || (pool[announcementKeys[protocol]]?.length ?? 0) > 0,
      );

/** Whether a protocol announces a pool. */
export const isAnnouncedBy = (pool: AnnouncedPool | undefined, protocol: AnnouncingProtocol): boolean =>
  pool !== undefined && protocolsOf(pool).includes(protocol);

/** "layer2", "layer2 and bgp", "none" */
export const protocolText = (pool: AnnouncedPool): string => protocolsOf(pool).join(" and ") || "none";
