/** The lab's network namespaces: the cluster's, with the bridge and the control plane, and an outside host's. */
export const clusterNamespace = "baremetal-lb";
export const clientNamespace = "baremetal-lb-client";
/** Where a BGP router is asked for: its own, on the bridge too, and that of a host which is reached through it alone. */
export const routerNamespace = "baremetal-lb-router";
export const remoteNamespace = "baremetal-lb-remote";
export const namespaces = [clusterNamespace, clientNamespace, routerNamespace, remoteNamespace];

/** An address family of Kubernetes, as a Service's ipFamilies name it. */
export type IpFamily = "IPv4" | "IPv6";

/** A cluster's, the first one first, which the API server and host-network pods have. */
export type IpFamilies = readonly [IpFamily, ...IpFamily[]];

/** What a family has of each thing that has an address. */
export interface FamilyPlan {
  readonly controlPlane: string;
  /** The outside host's. */
  readonly client: string;
  /** Where there is a BGP router: its own on the nodes' network, those of it and of a host on the one behind it. */
  readonly router: string;
  readonly routerBehind: string;
  readonly remote: string;
  readonly remoteNetwork: string;
  /** Of both networks. */
  readonly prefixLength: number;
  readonly everywhere: string;
  readonly addressPool: string;
  readonly podNetwork: string;
  readonly serviceNetwork: string;
}

export const familyPlans: Readonly<Record<IpFamily, FamilyPlan>> = {
  IPv4: {
    controlPlane: "10.89.0.1",
    client: "10.89.0.5",
    router: "10.89.0.6",
    routerBehind: "10.90.0.1",
    remote: "10.90.0.2",
    remoteNetwork: "10.90.0.0/24",
    prefixLength: 24,
    everywhere: "0.0.0.0/0",
    addressPool: "10.89.0.240-10.89.0.250",
    podNetwork: "10.244.0.0/16",
    serviceNetwork: "10.96.0.0/12",
  },
  IPv6: {
    controlPlane: "fd00:89::1",
    client: "fd00:89::5",
    router: "fd00:89::6",
    routerBehind: "fd00:90::1",
    remote: "fd00:90::2",
    remoteNetwork: "fd00:90::/64",
    prefixLength: 64,
    everywhere: "::/0",
    addressPool: "fd00:89::240-fd00:89::250",
    podNetwork: "fd00:244::/48",
    serviceNetwork: "fd00:96::/112",
  },
};

/** One thing of each family, joined as Kubernetes takes a pair: "10.244.0.0/16,fd00:244::/48". */
export const ofFamilies = (families: readonly IpFamily[], what: keyof FamilyPlan): string =>
  families.map((family) => familyPlans[family][what]).join(",");

/** The families of the machines themselves: the lab reaches its nodes by IPv4, whatever Kubernetes has. */
export const osFamilies = (families: readonly IpFamily[]): readonly IpFamily[] =>
  families.includes("IPv6") ? ["IPv4", "IPv6"] : ["IPv4"];

export const routerAddress = familyPlans.IPv4.router;
export const clusterAsn = 64512;
export const routerAsn = 64513;
export const packagePort = 8080;

/** A node's place in the network, all of it derived from its number, 1 and up. */
export interface NodePlan {
  readonly number: number;
  readonly name: string;
  /** Its IPv4 address, by which the lab itself reaches it. */
  readonly address: string;
  readonly mac: string;
  readonly tap: string;
  readonly addresses: Readonly<Record<IpFamily, string>>;
  readonly podNetworks: Readonly<Record<IpFamily, string>>;
  readonly role: "control-plane" | "worker";
}

export function planNode(number: number): NodePlan {
  const host = 10 + number;
  const address = `10.89.0.${host}`;
  return {
    number,
    name: `node${number}`,
    address,
    // Locally administered, and the address in hexadecimal: a MAC in a capture names its node.
    mac: `02:00:0a:59:00:${host.toString(16).padStart(2, "0")}`,
    tap: `tap${number}`,
    addresses: { IPv4: address, IPv6: `fd00:89::${host}` },
    podNetworks: { IPv4: `10.244.${number}.0/24`, IPv6: `fd00:244:0:${number}::/64` },
    role: number === 1 ? "control-plane" : "worker",
  };
}

export function planNodes(count: number): NodePlan[] {
  return Array.from({ length: count }, (_, index) => planNode(index + 1));
}
