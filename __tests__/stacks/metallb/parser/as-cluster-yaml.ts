import type { BgpType, MetallbVersion } from "../../../../stacks/metallb/release/releases";
import type { UpstreamObject, UpstreamResources } from "./upstream-cases";

/** A cluster.yaml, or what has no place in it. */
export type AsClusterYaml = { readonly cluster: object } | { readonly noKey: string };

class NoKey extends Error {}

/** The cluster.yaml that says what resources say, on nodes of a network that no case of upstream's has. */
export function asClusterYaml(resources: UpstreamResources, version: MetallbVersion, bgpType: BgpType): AsClusterYaml {
  try {
    return { cluster: { ...aroundIt(resources), metallb: { version, bgpType, ...section(resources) } } };
  } catch (error) {
    if (error instanceof NoKey) return { noKey: error.message };
    throw error;
  }
}

const hostKey = `ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBB${"B".repeat(85)}a=`;

const aroundIt = ({ nodes = [] }: UpstreamResources) => ({
  name: "demo",
  kubernetes: { version: "1.30", context: "admin" },
  ssh: { user: "ops", agent: true },
  nodes: [{ metadata: { name: "master1" } }, ...nodes].map(({ metadata }, index) => ({
    name: metadata?.name,
    address: `198.51.100.${index + 1}`,
    hostKey,
    ...(index === 0 ? { role: "control-plane" } : {}),
  })),
});

function section(resources: UpstreamResources): object {
  if (resources.legacyaddresspools !== undefined) throw new NoKey("AddressPool");
  const sections = {
    pools: resources.ipaddresspools?.map((pool) => ({ ...named(pool), ...announcements(pool, resources) })) ?? [],
    peers: resources.bgppeers?.map((peer) => ({ ...named(peer), ...passwordSecret(peer) })) ?? [],
    bfdProfiles: resources.bfdprofiles?.map(named) ?? [],
    bgpCommunities: communitiesOf(resources),
  };
  return Object.fromEntries(Object.entries(sections).filter(([, value]) => Object.keys(value).length > 0));
}

const named = ({ metadata, spec }: UpstreamObject) => ({ name: metadata?.name, ...spec });

/** cluster.yaml has the Secret's name; all are in one namespace. */
function passwordSecret({ spec }: UpstreamObject): object {
  const secret = spec?.["passwordSecret"] as { readonly name?: string } | undefined;
  return secret === undefined ? {} : { passwordSecret: secret.name };
}

function communitiesOf({ communities = [] }: UpstreamResources): Record<string, string> {
  const aliases = communities.flatMap(
    ({ spec }) => spec?.["communities"] as readonly { readonly name: string; readonly value: string }[],
  );
  const found = Object.fromEntries(aliases.map(({ name, value }) => [name, value]));
  if (Object.keys(found).length < aliases.length) throw new NoKey("two communities of one name");
  return found;
}

/** A pool's announcements, which MetalLB has as objects that select pools. One that selects none does nothing. */
function announcements(pool: UpstreamObject, resources: UpstreamResources) {
  const of = (key: "l2advertisements" | "bgpadvertisements") =>
    (resources[key] ?? []).filter((one) => selects(one, pool)).map(withoutPools);
  const [l2Advertisements, bgpAdvertisements] = [of("l2advertisements"), of("bgpadvertisements")];
  const protocol = l2Advertisements.length > 0 ? "layer2" : bgpAdvertisements.length > 0 ? "bgp" : "none";
  return { protocol, l2Advertisements, bgpAdvertisements };
}

/** What of an announcement stands in cluster.yaml below the pool itself. */
const withoutPools = ({ spec = {} }: UpstreamObject): object =>
  Object.fromEntries(Object.entries(spec).filter(([key]) => !key.startsWith("ipAddressPool")));

interface PoolSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly object[];
}

function selects({ spec = {} }: UpstreamObject, { metadata }: UpstreamObject): boolean {
  const names = (spec["ipAddressPools"] ?? []) as readonly string[];
  const selectors = (spec["ipAddressPoolSelectors"] ?? []) as readonly PoolSelector[];
  const texts = [...names, ...selectors.map((selector) => JSON.stringify(selector))];
  if (new Set(texts).size < texts.length) throw new NoKey("a pool that is selected twice");
  if (texts.length === 0) return true;
  return (
    names.includes(metadata?.name ?? "") ||
    selectors.some(({ matchLabels = {}, matchExpressions = [] }) => {
      if (matchExpressions.length > 0) throw new NoKey("a selector of pools by expressions");
      return Object.entries(matchLabels).every(([key, value]) => metadata?.labels?.[key] === value);
    })
  );
}
