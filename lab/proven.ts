import type { ProxyMode } from "../stacks/kube-proxy/modes";
import type { Kernel } from "./kernel-release";
import type { IpFamilies } from "./network-plan";
import { type BgpType, bgpTypes, type KnownVersion } from "../stacks/metallb/release/releases";

/** One cluster of the lab: its nodes are Debian 12, its kube-proxy and control plane are kubeadm's. */
export interface ProvenCluster {
  /** "1.35.4" */
  readonly kubernetes: string;
  /** One after the other, by a changed metallb.version. */
  readonly metallb: readonly KnownVersion[];
  /** One after the other, by a changed metallb.bgpType. @default native alone */
  readonly bgpTypes?: readonly [BgpType, ...BgpType[]];
  /** One after the other, by a changed kubeProxy.mode. */
  readonly modes: readonly ProxyMode[];
  readonly protocol: "layer2" | "bgp";
  /** Those of nodes, pods and Services. @default IPv4 alone */
  readonly ipFamilies?: IpFamilies;
  /** The nodes'. @default "6.1", which is Debian 12's */
  readonly kernel?: Kernel;
  /** true: the test is written and has not passed on this one yet, so that it proves nothing. @default false */
  readonly pending?: boolean;
}

export interface ProvenTest {
  /** What the test shows on each of its clusters. A whole phrase for docs/versions.md. */
  readonly shows: string;
  readonly runs: readonly ProvenCluster[];
}

const kubernetes = "1.35.4";
const layer2 = { kubernetes, modes: ["ipvs"], protocol: "layer2" } as const;
const bgp = { kubernetes, modes: ["ipvs"], protocol: "bgp" } as const;

/**
 * What is proven live, by the test in __tests__/lab that shows it. The tests take their versions and modes from here, so
 * that docs/versions.md claims nothing that no test runs. The lab's default versions are those of core/core.
 */
export const proven = {
  "core/core": {
    shows: "From kubeadm's defaults to an answer, an empty second plan, drift repaired, nothing left after destroy",
    runs: [{ ...layer2, metallb: ["0.9.6"] }],
  },
  "matrix/kubernetes-1.20": {
    shows:
      "The walkthrough's own era, with PodSecurityPolicies: to an answer, no drift, MetalLB of kubectl adopted, nothing left after destroy",
    runs: [{ ...layer2, kubernetes: "1.20.2", metallb: ["0.9.5"] }],
  },
  "matrix/config-map": {
    shows:
      "The last MetalLBs with a ConfigMap, on a Kubernetes of today: to an answer, MetalLB of kubectl adopted, nothing left after destroy",
    runs: [
      { ...layer2, metallb: ["0.12.1"], kernel: "7.2" },
      { ...layer2, metallb: ["0.11.0"], kernel: "7.2" },
    ],
  },
  "matrix/custom-resources": {
    shows: "The same for MetalLB's custom resources, with its webhook",
    runs: [
      { ...layer2, metallb: ["0.15.2"], kernel: "6.1" },
      { ...layer2, metallb: ["0.16.2"], kernel: "6.1" },
      { ...layer2, kubernetes: "1.37.2", metallb: ["0.16.2"], kernel: "7.2" },
      { ...layer2, kubernetes: "1.28.15", metallb: ["0.13.12"], kernel: "7.2" },
      { ...layer2, kubernetes: "1.20.2", metallb: ["0.13.12"], kernel: "7.2" },
      { ...layer2, kubernetes: "1.33.5", metallb: ["0.14.9"], kernel: "7.2" },
    ],
  },
  "matrix/own-resources": {
    shows:
      "A pool and its announcement in MetalLB's own YAML, in a file beside cluster.yaml: to an answer, no drift, what is edited by hand repaired, nothing left after destroy",
    runs: [{ ...layer2, metallb: ["0.15.2"], kernel: "7.2" }],
  },
  "matrix/bgp": {
    shows: "A router learns the addresses and loses them again; a client behind it gets answers",
    runs: [
      { ...bgp, metallb: ["0.9.6"] },
      { ...bgp, metallb: ["0.15.2"] },
      { ...bgp, kubernetes: "1.33.5", metallb: ["0.14.9"], kernel: "7.2" },
      { ...bgp, kubernetes: "1.28.15", metallb: ["0.13.12"], kernel: "7.2" },
      { ...bgp, metallb: ["0.12.1"], kernel: "7.2" },
    ],
  },
  "matrix/frr": {
    shows:
      "BGP by FRR, with BFD: no drift, a lost link is noticed within BFD's time at both ends, nothing left after destroy",
    runs: [
      { ...bgp, metallb: ["0.15.2"], bgpTypes: ["frr"] },
      { ...bgp, metallb: ["0.16.2"], bgpTypes: ["frr-k8s"], kernel: "7.2" },
      {
        ...bgp,
        metallb: ["0.16.2"],
        bgpTypes: ["frr-k8s"],
        ipFamilies: ["IPv4", "IPv6"],
        kernel: "7.2",
      },
    ],
  },
  "matrix/to-frr-k8s": {
    shows: "MetalLB's BGP changes to frr-k8s in place; a client behind the router goes on getting answers",
    runs: [{ ...bgp, metallb: ["0.16.2"], bgpTypes: ["native", "frr-k8s"], kernel: "7.2" }],
  },
  "matrix/modes": {
    shows: "kube-proxy changes its mode; nothing of the mode before is left",
    runs: [{ ...layer2, metallb: ["0.9.6"], modes: ["ipvs", "iptables", "ipvs"] }],
  },
  "matrix/unmanaged": {
    shows:
      "kube-proxy set by arguments alone, in a static pod (as RKE2 does) and in a process of another name (as k3s does): refused without strictARP; with it to an answer, no drift, untouched by destroy",
    runs: [{ ...layer2, metallb: ["0.15.2"], kernel: "7.2" }],
  },
  "matrix/nftables": {
    shows:
      "kube-proxy in nftables mode, from kubeadm's iptables mode, to IPVS and back; nothing of the mode before is left",
    runs: [{ ...layer2, metallb: ["0.15.2"], modes: ["nftables", "ipvs", "nftables"], kernel: "7.2" }],
  },
  "matrix/least-rights": {
    shows:
      "Deployed, looked after and destroyed with the token of npx baremetal-lb rbac; states moved to the cluster's Secrets, to PostgreSQL and back",
    runs: [{ ...layer2, metallb: ["0.15.2"] }],
  },
  "matrix/failing-node": {
    shows: "A node whose kernel lacks what IPVS mode needs stops the deploy there; the way back works",
    runs: [{ ...layer2, metallb: ["0.9.6"] }],
  },
  "matrix/upgrade": {
    shows: "MetalLB changes its version in place; every Service keeps its address",
    runs: [
      { ...layer2, metallb: ["0.9.6", "0.15.2", "0.16.2"] },
      { ...layer2, metallb: ["0.9.6", "0.16.2"], kernel: "7.2" },
      { ...layer2, metallb: ["0.9.6", "0.12.1", "0.16.2"], kernel: "7.2" },
      {
        ...layer2,
        kubernetes: "1.33.5",
        metallb: ["0.12.1", "0.13.7", "0.13.9", "0.14.5"],
        kernel: "7.2",
      },
      {
        ...layer2,
        kubernetes: "1.33.5",
        metallb: ["0.13.12", "0.14.8", "0.15.3", "0.16.1"],
        kernel: "7.2",
      },
    ],
  },
  "matrix/helm": {
    shows:
      "MetalLB of Helm's chart, described by init, looked at as it is, and adopted; in another namespace moved by the steps that are named; every Service keeps its address",
    runs: [{ ...layer2, metallb: ["0.15.2"], modes: ["iptables"], kernel: "7.2" }],
  },
  "matrix/control-plane-only": {
    shows:
      "Three control-plane nodes and no worker, labelled and tainted as kubeadm does it: why nothing is announced is named, and one setting mends it",
    runs: [{ ...layer2, metallb: ["0.15.2"], kernel: "7.2" }],
  },
  "matrix/pull-request": {
    shows: "What a pull request is told of a change, and the deploy of exactly that",
    runs: [{ ...layer2, metallb: ["0.15.2"] }],
  },
  "matrix/ip-families": {
    shows: "Dual stack, and IPv6 alone: to an answer at each address, no drift, nothing left after destroy",
    runs: [
      { ...layer2, metallb: ["0.15.2"], ipFamilies: ["IPv4", "IPv6"], kernel: "7.2" },
      { ...layer2, metallb: ["0.15.2"], ipFamilies: ["IPv6"], kernel: "7.2" },
    ],
  },
  "matrix/damaged-upgrade": {
    shows:
      "MetalLB that came from 0.9, its namespace or its CRDs deleted by hand: a deploy ends when its Services answer again",
    runs: [{ ...layer2, metallb: ["0.9.6", "0.15.2"] }],
  },
  "matrix/write-only-key": {
    shows:
      "The memberlist's key is kept by its Secret alone, comes back as another one, and moves into the state and out",
    runs: [
      { ...layer2, metallb: ["0.15.2"], kernel: "6.1" },
      { ...layer2, metallb: ["0.9.6"], kernel: "7.2" },
    ],
  },
  "matrix/explain": {
    shows: "A Service that does not answer is explained: faults, one at a time, each with its cause by name",
    runs: [{ ...layer2, metallb: ["0.15.2"] }],
  },
  "matrix/report": {
    shows: "A report of a deployed cluster has every part, and none of the cluster's secrets in any form",
    runs: [{ ...layer2, metallb: ["0.15.2"] }],
  },
  "matrix/opentofu": {
    shows:
      "OpenTofu with an encrypted state: to an answer, drift repaired; the same cluster is Terraform's without a change",
    runs: [{ ...layer2, metallb: ["0.9.6"] }],
  },
  "matrix/hcl": {
    shows:
      "What cdktf deployed goes on as HCL: no change in a plan; terraform destroy gives kube-proxy its own values back",
    runs: [{ ...layer2, metallb: ["0.15.2"] }],
  },
} as const satisfies Readonly<Record<string, ProvenTest>>;

/** Every entry with the path of its test, below the repository's root. */
export const labTests: readonly (ProvenTest & { readonly test: string })[] = Object.entries(proven).map(
  ([name, proof]) => ({
    ...proof,
    test: `__tests__/lab/${name}.test.ts`,
  }),
);

const withRuns = (isWanted: (run: ProvenCluster) => boolean) =>
  labTests.map((test) => ({ ...test, runs: test.runs.filter(isWanted) })).filter((test) => test.runs.length > 0);

/** Those whose test has passed, on the clusters on which it has. */
export const proofs = withRuns(({ pending = false }) => !pending);

/** Those whose test is written, on the clusters on which it has not passed yet. */
export const pendingProofs = withRuns(({ pending = false }) => pending);

const runs: readonly ProvenCluster[] = proofs.flatMap((proof) => proof.runs);

/** The protocols by which a version of MetalLB announced addresses in the lab. */
export const provenProtocols = (version: KnownVersion): readonly ProvenCluster["protocol"][] =>
  (["layer2", "bgp"] as const).filter((protocol) =>
    runs.some((run) => run.protocol === protocol && run.metallb.includes(version)),
  );

/** The ways to do BGP by which a version of MetalLB announced addresses in the lab. */
export const provenBgpTypes = (version: KnownVersion): readonly BgpType[] =>
  bgpTypes.filter((type) =>
    runs.some(
      ({ protocol, metallb, bgpTypes: ofRun = ["native"] }) =>
        protocol === "bgp" && metallb.includes(version) && ofRun.includes(type),
    ),
  );

/** Whether kube-proxy ran in a mode in the lab. */
export const isProvenMode = (mode: ProxyMode): boolean => runs.some(({ modes }) => modes.includes(mode));
