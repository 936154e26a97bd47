import { type Finding, type Path, pathText } from "../../../values/problem";
import type { Draft } from "../../../values/draft";
import { selects } from "../pools/label-selectors";
import { announcementKeys, announcementKinds, type AnnouncingProtocol, announcingProtocols } from "../pools/protocols";
import { bfdProfileSchema, type PeerConfig, peerSchema } from "../schema/bgp";
import type { MetallbConfig, MetallbSection } from "../schema/metallb";
import { bgpAdvertisementSchema, l2AdvertisementSchema, type PoolConfig, poolSchema } from "../schema/pools";
import type { LabelSelector } from "../schema/selectors";
import {
  type ResourceObject,
  resourcesOf,
  resourceText,
  textsIn,
  without,
  type WithResources,
} from "./resource-object";

type Sections = Pick<MetallbSection, "pools" | "peers" | "bfdProfiles" | "bgpCommunities">;

/** A section `metallb`, or a draft of one, of which files are a part, too. */
type Source = Draft<Sections> & WithResources;

/** What cluster.yaml and the files say together, in the words of cluster.yaml. */
interface Together {
  readonly sections: Draft<Sections>;
  /** Which object stands at a place of the sections, such as metallb.pools[2]. */
  readonly origins: ReadonlyMap<string, ResourceObject>;
}

/**
 * The objects of files as if cluster.yaml had them: each pool behind its own with all announcements that are for it, the
 * routers, the profiles and the communities. An announcement of several pools stands in each.
 */
function together(metallb: Source): Together {
  const origins = new Map<string, ResourceObject>();
  const note = (object: ResourceObject, ...path: Path) => origins.set(pathText(["metallb", ...path]), object);
  const { pools = [], peers = [], bfdProfiles = [], bgpCommunities = {} } = metallb;

  /** A pool with the announcements of files behind its own. */
  const announced = (pool: Draft<PoolConfig>, index: number, labels: Labels): Draft<PoolConfig> => {
    const more = announcingProtocols.map((protocol) => [
      protocol,
      announcementsOf(metallb, protocol, pool.name, labels),
    ]);
    const found = Object.fromEntries(more) as Record<AnnouncingProtocol, readonly ResourceObject[]>;
    const [first] = announcingProtocols.filter((protocol) => found[protocol].length > 0);
    if (first === undefined) return pool;
    const lists = announcingProtocols.map((protocol) => {
      const key = announcementKeys[protocol];
      const written = pool[key] ?? [];
      // Without one it has the announcement of its protocol that needs no words.
      const own = pool.protocol === protocol && written.length === 0 ? [schemas[protocol].parse({})] : written;
      found[protocol].forEach((object, place) => note(object, "pools", index, key, own.length + place));
      return [key, [...own, ...found[protocol].map((object) => schemas[protocol].parse(withoutTargets(object)))]];
    });
    return { ...pool, protocol: pool.protocol === "none" ? first : pool.protocol, ...Object.fromEntries(lists) };
  };

  const ofFiles = resourcesOf(metallb, "IPAddressPool");
  const morePeers = resourcesOf(metallb, "BGPPeer");
  const moreProfiles = resourcesOf(metallb, "BFDProfile");
  ofFiles.forEach((object, index) => note(object, "pools", pools.length + index));
  morePeers.forEach((object, index) => note(object, "peers", peers.length + index));
  moreProfiles.forEach((object, index) => note(object, "bfdProfiles", bfdProfiles.length + index));
  const [profile] = moreProfiles;
  if (profile !== undefined && bfdProfiles.length === 0) note(profile, "bfdProfiles");
  const communities = resourcesOf(metallb, "Community").flatMap((object) =>
    definitionsIn(object).map(({ name, value }) => {
      note(object, "bgpCommunities", name);
      return [name, value] as const;
    }),
  );
  return {
    sections: {
      pools: [
        ...pools.map((pool, index) => (pool === undefined ? pool : announced(pool, index, {}))),
        ...ofFiles.map(({ metadata: { name, labels = {} }, spec }, index) =>
          announced(poolSchema.parse({ name, protocol: "none", ...spec }), pools.length + index, labels),
        ),
      ],
      peers: [
        ...peers,
        ...morePeers.map(({ metadata: { name }, spec }) =>
          peerSchema.parse({
            name,
            ...without(spec, "disableMP"),
            passwordSecret: (spec["passwordSecret"] as NamedSecret | undefined)?.name,
          }),
        ),
      ],
      bfdProfiles: [
        ...bfdProfiles,
        ...moreProfiles.map(({ metadata: { name }, spec }) => bfdProfileSchema.parse({ name, ...spec })),
      ],
      bgpCommunities: { ...Object.fromEntries(communities), ...bgpCommunities },
    },
    origins,
  };
}

type Labels = Readonly<Record<string, string>>;

interface NamedSecret {
  readonly name: string;
}

const schemas = { layer2: l2AdvertisementSchema, bgp: bgpAdvertisementSchema } as const;

const withoutTargets = ({ spec }: ResourceObject) => without(spec, "ipAddressPools", "ipAddressPoolSelectors");

/** The announcements of files that are for a pool: by its name, by its labels, or for all. */
function announcementsOf(
  metallb: WithResources,
  protocol: AnnouncingProtocol,
  name: string | undefined,
  labels: Labels,
): readonly ResourceObject[] {
  return resourcesOf(metallb, announcementKinds[protocol]).filter((object) => {
    const names = textsIn(object, "ipAddressPools");
    const selectors = (object.spec["ipAddressPoolSelectors"] ?? []) as readonly LabelSelector[];
    if (names.length + selectors.length === 0) return true;
    return names.includes(name ?? "") || selectors.some((selector) => selects(selector, labels));
  });
}

const definitionsIn = ({ spec }: ResourceObject) =>
  (spec["communities"] ?? []) as readonly Readonly<Record<"name" | "value", string>>[];

/**
 * Every pool that is declared, of cluster.yaml and of the files that it names, with every announcement that is for it: what
 * Services can get, and by what protocol. The objects that they become are in customResources.
 */
export const allPools = (metallb: Pick<MetallbConfig, "pools" | "resourceObjects">): readonly PoolConfig[] =>
  metallb.resourceObjects === undefined ? metallb.pools : (together(metallb).sections.pools as readonly PoolConfig[]);

/** The same of the routers. */
export const allPeers = (metallb: Pick<MetallbConfig, "peers" | "resourceObjects">): readonly PeerConfig[] =>
  metallb.resourceObjects === undefined ? metallb.peers : (together(metallb).sections.peers as readonly PeerConfig[]);

type IsGiven = (path: Path) => boolean;

/** A draft in which the objects of files stand as if cluster.yaml had them, for checks that know nothing of files. */
export function withObjects<T extends { readonly metallb?: Source }>(draft: T, isGiven: IsGiven) {
  if (draft.metallb?.resourceObjects === undefined)
    return { draft, isGiven, atObjects: (findings: Finding[]) => findings };
  const { sections, origins } = together(draft.metallb);
  /** The object that a path leads into, and what of its spec. */
  const originOf = (path: Path): { readonly object: ResourceObject; readonly rest: Path } | undefined => {
    for (let end = path.length; end > 0; end -= 1) {
      const object = origins.get(pathText(path.slice(0, end)));
      if (object !== undefined) return { object, rest: path.slice(end) };
    }
    return undefined;
  };
  return {
    draft: { ...draft, metallb: { ...draft.metallb, ...sections } },
    isGiven: (path: Path) => {
      const origin = originOf(path);
      if (origin !== undefined) return isIn(origin.object.spec, origin.rest);
      // Who announces a pool is told by the kinds of what is for it.
      return isGiven(path) || (path.at(-1) === "protocol" && hasAnnouncement(origins, path.slice(0, -1)));
    },
    atObjects: (findings: Finding[]) =>
      findings.flatMap((finding): Finding[] => {
        const origin = originOf(finding.path);
        if (origin === undefined) return [finding];
        // checkResources says of names where the other one is.
        if (origin.rest.length === 1 && origin.rest[0] === "name") return [];
        const { severity, given, expected, remedy } = finding;
        const path = ["metallb", "resources", origin.object.source.file];
        return [{ severity, path, given: `${resourceText(origin.object)}: ${given}`, expected, remedy }];
      }),
  };
}

const hasAnnouncement = (origins: Together["origins"], pool: Path): boolean =>
  [...origins.keys()].some((place) => place.startsWith(`${pathText(pool)}.`));

/** Whether a spec has anything at a path. Its protocol is that of what announces it, so it is not left to a default. */
function isIn(value: unknown, path: Path): boolean {
  const [step, ...rest] = path;
  if (step === undefined || step === "protocol") return true;
  if (typeof value !== "object" || value === null) return false;
  const inner = (value as Readonly<Record<string, unknown>>)[step];
  return inner !== undefined && isIn(inner, rest);
}
