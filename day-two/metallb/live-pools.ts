import { configText } from "../../stacks/metallb/pools/config-text";
import { customResources } from "../../stacks/metallb/pools/custom-resources";
import { selects } from "../../stacks/metallb/pools/label-selectors";
import type { Addresses } from "../../stacks/metallb/pools/pool-addresses";
import { type AnnouncingProtocol, announcingProtocols } from "../../stacks/metallb/pools/protocols";
import { resourceKinds } from "../../stacks/metallb/pools/resource-kinds";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import type { PoolAddresses } from "../../stacks/metallb/schema/pools";
import type { LabelSelector } from "../../stacks/metallb/schema/selectors";
import { isRange, parseCIDR, parseRange } from "../../values/address-ranges";
import { configFile, type ConfigFilePool, type LiveConfiguration } from "./configuration";
import type { LiveResource } from "./live-resources";

/** A pool as MetalLB has it, whoever declared it. */
export interface LivePool extends Addresses {
  readonly name: string;
  readonly autoAssign: boolean;
  /** Which Services may use it; absent where all may. */
  readonly allocation?: {
    readonly namespaces: readonly string[];
    readonly namespaceSelectors: readonly LabelSelector[];
    readonly serviceSelectors: readonly LabelSelector[];
  };
  readonly announcements: readonly LiveAnnouncement[];
}

/** What says that a pool is announced, and from where. */
export interface LiveAnnouncement {
  /** "L2Advertisement default"; of MetalLB 0.9 to 0.12 "protocol layer2". */
  readonly subject: string;
  readonly protocol: AnnouncingProtocol;
  /** Nodes that one of these selects; none: every node. */
  readonly nodeSelectors: readonly LabelSelector[];
  readonly serviceSelectors: readonly LabelSelector[];
  /** Interfaces of the nodes; none: every interface. */
  readonly interfaces: readonly string[];
  readonly preferences: readonly { readonly weight: number; readonly preference: LabelSelector }[];
}

/** A router. */
export interface LivePeer {
  /** Its name, or with MetalLB 0.9 to 0.12 its address. */
  readonly name: string;
  readonly nodeSelectors: readonly LabelSelector[];
}

export interface LivePools {
  readonly pools: readonly LivePool[];
  readonly peers: readonly LivePeer[];
}

/** The pools and routers of a configuration that was read; none of one that MetalLB could not read either. */
export const poolsIn = (found: LiveConfiguration): LivePools =>
  found.resources === undefined ? poolsOfFile(found.configMap?.data?.config ?? "") : poolsOfResources(found.resources);

/** The same as declared, for who may not read what is there. */
export function declaredPools(metallb: MetallbConfig): LivePools {
  if (!usesCustomResources(metallb.version)) return poolsOfFile(configText(metallb));
  const declared = customResources(metallb);
  return poolsOfResources(
    Object.fromEntries(resourceKinds.map(({ kind, plural }) => [plural, declared.filter((one) => one.kind === kind)])),
  );
}

const kindsOfProtocol = {
  layer2: { plural: "l2advertisements", kind: "L2Advertisement" },
  bgp: { plural: "bgpadvertisements", kind: "BGPAdvertisement" },
} as const;

interface PoolSpec {
  readonly addresses?: readonly string[];
  readonly autoAssign?: boolean;
  readonly avoidBuggyIPs?: boolean;
  readonly serviceAllocation?: Partial<NonNullable<LivePool["allocation"]>>;
}

interface AdvertisementSpec extends Partial<
  Pick<LiveAnnouncement, "nodeSelectors" | "serviceSelectors" | "interfaces">
> {
  readonly ipAddressPools?: readonly string[];
  readonly ipAddressPoolSelectors?: readonly LabelSelector[];
  readonly preferredNodeSelectors?: LiveAnnouncement["preferences"];
}

type Resources = Readonly<Record<string, readonly Pick<LiveResource, "metadata" | "spec">[] | undefined>>;

function poolsOfResources(resources: Resources): LivePools {
  const announcements = announcingProtocols.flatMap((protocol) => {
    const { plural, kind } = kindsOfProtocol[protocol];
    return (resources[plural] ?? []).map(({ metadata, spec = {} }) => ({
      protocol,
      subject: `${kind} ${metadata.name}`,
      spec: spec as AdvertisementSpec,
    }));
  });
  const pools = (resources.ipaddresspools ?? []).map(({ metadata: { name, labels }, spec = {} }): LivePool => {
    const { addresses = [], autoAssign = true, avoidBuggyIPs = false, serviceAllocation } = spec as PoolSpec;
    return {
      name,
      addresses: addresses.flatMap(rangeOf),
      autoAssign,
      avoidBuggyIPs,
      ...(serviceAllocation !== undefined && {
        allocation: { namespaces: [], namespaceSelectors: [], serviceSelectors: [], ...serviceAllocation },
      }),
      announcements: announcements
        .filter(({ spec: { ipAddressPools = [], ipAddressPoolSelectors = [] } }) =>
          ipAddressPools.length === 0 && ipAddressPoolSelectors.length === 0
            ? true
            : ipAddressPools.includes(name) || ipAddressPoolSelectors.some((selector) => selects(selector, labels)),
        )
        .map(({ protocol, subject, spec: given }) => ({
          protocol,
          subject,
          nodeSelectors: given.nodeSelectors ?? [],
          serviceSelectors: given.serviceSelectors ?? [],
          interfaces: given.interfaces ?? [],
          preferences: given.preferredNodeSelectors ?? [],
        })),
    };
  });
  const peers = (resources.bgppeers ?? []).map(({ metadata: { name }, spec = {} }) => ({
    name,
    nodeSelectors: (spec as { readonly nodeSelectors?: readonly LabelSelector[] }).nodeSelectors ?? [],
  }));
  return { pools, peers };
}

interface FilePeer {
  readonly "peer-address"?: string;
  readonly "node-selectors"?: readonly {
    readonly "match-labels"?: LabelSelector["matchLabels"];
    readonly "match-expressions"?: LabelSelector["matchExpressions"];
  }[];
}

function poolsOfFile(text: string): LivePools {
  const file = configFile(text);
  return {
    pools: (file?.["address-pools"] ?? []).map(poolOfFile),
    peers: ((file?.peers ?? []) as readonly FilePeer[]).map((peer) => ({
      name: String(peer["peer-address"]),
      nodeSelectors: (peer["node-selectors"] ?? []).map((selector) => ({
        matchLabels: selector["match-labels"],
        matchExpressions: selector["match-expressions"],
      })),
    })),
  };
}

function poolOfFile(pool: ConfigFilePool): LivePool {
  const { name, protocol, addresses } = pool;
  const known = announcingProtocols.filter((one) => one === protocol);
  return {
    name: String(name),
    addresses: (Array.isArray(addresses) ? addresses : []).flatMap(rangeOf),
    autoAssign: pool["auto-assign"] !== false,
    avoidBuggyIPs: pool["avoid-buggy-ips"] === true,
    announcements: known.map((one) => ({
      protocol: one,
      subject: `protocol ${one}`,
      nodeSelectors: [],
      serviceSelectors: [],
      interfaces: [],
      preferences: [],
    })),
  };
}

/** As MetalLB reads it: a network whole, whatever bits are set behind its prefix, and spaces around a hyphen. */
function rangeOf(given: unknown): PoolAddresses[] {
  const text = String(given).replace(/\s+/g, "");
  const range = text.includes("/") ? parseCIDR(text) : parseRange(text);
  return isRange(range) ? [{ text, ...range }] : [];
}
