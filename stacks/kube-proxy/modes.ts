import { isAtLeast } from "../../values/kubernetes-version";

/** A mode of kube-proxy: the Kubernetes minor versions at which it changes, and what it needs on a node. */
export interface ProxyModeFacts {
  /** The first minor version with it. Absent: older than any that these stacks work with. */
  readonly since?: number;
  /** From here on kube-proxy warns of it. */
  readonly deprecatedSince?: number;
  /** From here on it needs kube-proxy's feature gate. */
  readonly offByDefaultSince?: number;
  /** From here on kube-proxy does not have it. */
  readonly removedSince?: number;
  /** Commands that the stack `nodes` installs where they are missing. */
  readonly tools: readonly string[];
  /** Modules beside conntrack's that the stack `nodes` loads, and for IPVS that of the scheduler. */
  readonly modules: readonly string[];
  /** The oldest kernel that kube-proxy starts on in this mode. */
  readonly kernel?: string;
}

/**
 * kube-proxy's modes on Linux.
 *
 * - ipvs: KEP-5495. A warning from 1.35 on; from 1.37 on the gate KubeProxyIPVS, whose warning in
 *   cmd/kube-proxy/app/server_linux.go has the versions to come: off by default in 1.40, locked off and removed in 1.43.
 * - nftables: on by default (gate NFTablesProxyMode, beta) from 1.31 on. The kernel: NFTablesKubeProxyKernelVersion in
 *   pkg/util/kernel.
 *
 * What they need on a node is what stacks/nodes/scripts/lib/node-needs.sh brings about; a test compares the two.
 */
export const kubeProxyModes = {
  ipvs: {
    deprecatedSince: 35,
    offByDefaultSince: 40,
    removedSince: 43,
    tools: ["ipset", "ipvsadm"],
    modules: [
      ...["ip_vs", "ip_vs_rr", "ip_vs_wrr", "ip_vs_sh"],
      ...["dummy", "ip_set", "ip_set_hash_ip", "ip_set_hash_ipport", "ip_set_hash_ipportip", "ip_set_hash_ipportnet"],
      ...["ip_set_bitmap_port", "xt_set", "xt_comment", "xt_mark", "xt_addrtype", "xt_conntrack"],
    ],
  },
  iptables: { tools: [], modules: [] },
  nftables: {
    since: 31,
    tools: ["nft"],
    modules: ["nf_tables", "nft_chain_nat", "nft_ct", "nft_fib", "nft_masq", "nft_nat", "nft_numgen", "nft_reject"],
    kernel: "5.13",
  },
} as const satisfies Readonly<Record<string, ProxyModeFacts>>;

export type ProxyMode = keyof typeof kubeProxyModes;

export const proxyModes = Object.keys(kubeProxyModes) as ProxyMode[];

/**
 * What `mode` may be in a kube-proxy's configuration: empty for iptables; userspace until 1.25. kernelspace is of Windows.
 * Kept as the mode before this project; the script restore-node has the same.
 */
export const originalModes = ["", "userspace", ...proxyModes] as const;

/** What is known of a mode. */
export const modeOf = (mode: ProxyMode): ProxyModeFacts => kubeProxyModes[mode];

/** Whether kube-proxy of a Kubernetes version has a mode, and for how long. */
export type Standing = "notYet" | "works" | "deprecated" | "offByDefault" | "removed";

/** Where a mode stands in a Kubernetes version such as "1.35.4". */
export function standingOf(mode: ProxyMode, kubernetesVersion: string): Standing {
  const { since, deprecatedSince, offByDefaultSince, removedSince } = modeOf(mode);
  const isSince = (minor: number | undefined) => minor !== undefined && isAtLeast(kubernetesVersion, minor);
  if (since !== undefined && !isSince(since)) return "notYet";
  if (isSince(removedSince)) return "removed";
  if (isSince(offByDefaultSince)) return "offByDefault";
  return isSince(deprecatedSince) ? "deprecated" : "works";
}
