import type { MetallbVersion } from "../../../../stacks/metallb/release/releases";

/** Where cluster.yaml is not taken as MetalLB takes the same resources. */
export interface VerdictDifference {
  /** Who takes the case; the other one refuses it. */
  readonly takenBy: "MetalLB" | "cluster.yaml";
  readonly reason: string;
  /** The cases, by what upstream calls them, with the versions that have them. */
  readonly cases: Readonly<Record<string, readonly MetallbVersion[]>>;
}

const all = ["0.13.12", "0.15.2", "0.16.2"] as const;

/** Every difference; upstream-cases.test.ts fails on one that is not here, and on a line here that is none. */
export const verdictDifferences: readonly VerdictDifference[] = [
  {
    takenBy: "MetalLB",
    reason:
      "The pool is a network that is written with the address of a host in it. MetalLB takes the whole network, which is more than the address that somebody may have meant.",
    cases: {
      "different local pref - different ipv4 aggregation length": ["0.15.2", "0.16.2"],
      "different local pref - different aggregation lengths": all,
      "different local pref - same peers & different nodes": all,
      "different local pref - different peers & same nodes": all,
      "different as path prepend - different ipv4 aggregation length": ["0.16.2"],
      "different as path prepend - different aggregation lengths (dualstack)": ["0.16.2"],
      "different as path prepend - same peers & different nodes": ["0.16.2"],
      "different as path prepend - different peers & same nodes": ["0.16.2"],
    },
  },
  {
    takenBy: "MetalLB",
    reason:
      "The router is in the pool that is announced to it: kube-proxy in IPVS mode has the pool's addresses on every node, which then does not reach the router.",
    cases: {
      "Session with default BFD Profile": all,
      "Session with ipv4 and bfd echo mode": all,
      "advertisement with peer selector": all,
    },
  },
  {
    takenBy: "MetalLB",
    reason:
      "It has a VRF, which only FRR does, and a router id beside none, which FRR refuses: upstream's case asks neither way of doing BGP. That of 0.16 also has asPathPrepend, which MetalLB takes with frr-k8s alone.",
    cases: { "config using all features": all },
  },
  {
    takenBy: "MetalLB",
    reason:
      "Only frr-k8s reads disableMP, which upstream has deprecated in favour of dualStackAddressFamily: a session is of one family unless that is set.",
    cases: { "peer with DisableMP field": ["0.16.2"] },
  },
  {
    takenBy: "MetalLB",
    reason:
      "An AddressPool is what 0.13 still reads of older clusters. cluster.yaml has pools, which become IPAddressPools.",
    cases: {
      "config mixing legacy pools with IP pools": ["0.13.12"],
      "config legacy pool with bgp communities crd": ["0.13.12"],
      "config legacy pool with BGP Communities CR and large communities": ["0.13.12"],
      "use node selectors": ["0.13.12"],
    },
  },
  {
    takenBy: "cluster.yaml",
    reason:
      "The Secret is in the cluster, and cluster.yaml has its name alone. Whether MetalLB took it is asked at the deploy.",
    cases: {
      "BGP Peer with invalid secret type": all,
      "BGP Peer without password set in the secret": all,
      "BGP Peer with unavailable secret ref": all,
    },
  },
  {
    takenBy: "cluster.yaml",
    reason:
      "Here each of the two gets a name of its own, and MetalLB refuses two routers only where their names are equal as well.",
    cases: { "duplicate peers": all },
  },
  {
    takenBy: "cluster.yaml",
    reason: "Upstream's case has no nodes at all. With the nodes that a cluster has MetalLB takes it as well.",
    cases: { "duplicate address, disjoint selectors but no nodes known (conservative)": ["0.16.2"] },
  },
];
