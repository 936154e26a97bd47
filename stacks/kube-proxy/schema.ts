import { z } from "zod";
import { kubeProxyModes, type ProxyMode, proxyModes } from "./modes";
import { expectation } from "../../values/expectation";
import { foreignKeys } from "../../values/foreign-keys";
import { durationOrZero, flag, network } from "../../values/scalars";

/** The IPVS schedulers of the Linux kernel; each is the module ip_vs_<name>. */
export const ipvsSchedulers = [
  "rr",
  "wrr",
  "lc",
  "wlc",
  "fo",
  "ovf",
  "lblc",
  "lblcr",
  "sh",
  "dh",
  "mh",
  "sed",
  "nq",
] as const;

/** The keys that only IPVS mode has a use for, in kube-proxy's own names. */
export const ipvsKeys = [
  "strictARP",
  "scheduler",
  "excludeCIDRs",
  "tcpTimeout",
  "tcpFinTimeout",
  "udpTimeout",
] as const;

const unmanagedError = expectation(
  "unmanaged, or a mapping of kube-proxy's settings",
  "write unmanaged for a kube-proxy that this project is not to change, or the settings below the key, indented",
);

const timeout = (what: string) =>
  durationOrZero.optional().meta({
    description: `IPVS's timeout ${what}, such as 15m; 0s leaves it as the kernel has it. Default: as kube-proxy is set already.`,
  });

const nodesError = expectation("a number of nodes, from 1 on, or a percentage of them such as 10%", "write 1, or 10%");

const elsewhere = {
  remedy:
    "remove it: what has no key here stays as the cluster has it; it is set in config.conf, kubectl -n kube-system edit configmap kube-proxy",
};

/** Keys of kube-proxy's own configuration; upstream: KubeProxyConfiguration in pkg/proxy/apis/config/v1alpha1. */
const ofConfiguration = {
  ...Object.fromEntries(
    [
      ...["bindAddress", "clusterCIDR", "conntrack", "featureGates", "healthzBindAddress", "hostnameOverride"],
      ...["iptables", "nftables", "metricsBindAddress", "nodePortAddresses", "syncPeriod", "minSyncPeriod"],
    ].map((key) => [key, elsewhere]),
  ),
  ipvs: { remedy: `write the keys below it directly below kubeProxy: ${ipvsKeys.join(", ")}` },
};

/** The section as it is written with settings; `kubeProxySchema` is what the stacks get. */
export const kubeProxyObject = z
  .strictObject({
    mode: z
      .enum(proxyModes)
      .default("ipvs")
      .meta({
        description: `kube-proxy's mode: ipvs (deprecated from Kubernetes 1.${kubeProxyModes.ipvs.deprecatedSince} on), iptables, or nftables (1.${kubeProxyModes.nftables.since} and later).`,
      }),
    strictARP: flag.default(true).meta({
      description:
        "Answer ARP only for addresses of the interface that is asked: MetalLB's layer2 mode needs it in IPVS mode.",
    }),
    scheduler: z.enum(ipvsSchedulers).default("rr").meta({ description: "The IPVS scheduler." }),
    excludeCIDRs: z.array(network).optional().meta({
      description:
        "Networks whose virtual servers kube-proxy leaves alone in IPVS mode: those of keepalived, for example. Default: as found.",
    }),
    tcpTimeout: timeout("of idle TCP connections"),
    tcpFinTimeout: timeout("of TCP connections after a FIN"),
    udpTimeout: timeout("of UDP packets"),
    maxUnavailable: z
      .union(
        [
          z.int({ error: nodesError }).min(1, { error: nodesError }),
          z.string({ error: nodesError }).regex(/^([1-9]\d?|100)%$/, { error: nodesError }),
        ],
        { error: nodesError },
      )
      .default(1)
      .meta({
        description:
          "How many nodes a change of kube-proxy restarts at a time, a number or a percentage such as 10%. The first node goes alone, and each is proven before the next.",
      }),
  })
  .register(foreignKeys, ofConfiguration);

/** How a change is brought about, in every mode. */
export interface RolloutConfig {
  /** Nodes, or a percentage of them such as "10%". @default 1 */
  readonly maxUnavailable?: number | string;
}

/** kube-proxy in IPVS mode. What is undefined stays as the cluster has it. */
export type IpvsConfig = Omit<z.output<typeof kubeProxyObject>, "mode" | "maxUnavailable"> &
  RolloutConfig & { readonly mode: "ipvs" };

/** kube-proxy in a mode of which this project sets nothing but the mode. */
export interface PlainModeConfig extends RolloutConfig {
  readonly mode: Exclude<ProxyMode, "ipvs">;
}

/** kube-proxy, or what stands in its place, as somebody else keeps it: nothing is changed. */
export interface UnmanagedConfig {
  readonly mode: "unmanaged";
}

export type ManagedConfig = IpvsConfig | PlainModeConfig;

export const kubeProxySchema = z
  .union([z.literal("unmanaged"), kubeProxyObject], { error: unmanagedError })
  .transform((written): ManagedConfig | UnmanagedConfig => {
    if (written === "unmanaged") return { mode: "unmanaged" };
    const { mode, maxUnavailable, ...ipvs } = written;
    // checks/kube-proxy.ts refuses IPVS's keys in another mode; their defaults mean nothing there.
    return mode === "ipvs" ? { mode, maxUnavailable, ...ipvs } : { mode, maxUnavailable };
  });

/** The section `kubeProxy`, with every default in its place. */
export type KubeProxyConfig = z.output<typeof kubeProxySchema>;
