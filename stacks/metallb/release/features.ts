import type { BgpType, MetallbVersion } from "./releases";

/** A key of cluster.yaml that not every version of MetalLB can express. */
export interface Feature {
  /** Below `metallb`, with [] for each item of a list: "peers[].connectTime". */
  readonly key: string;
  /** The first version that can express it. */
  readonly since: MetallbVersion;
  /** The bgpType without which MetalLB refuses it. */
  readonly bgpType?: BgpType;
}

const from = (since: MetallbVersion, keys: readonly string[]): Feature[] => keys.map((key) => ({ key, since }));

/** Upstream: DiscardFRROnly in internal/config/validation.go of the same tag. */
const withFrr = (since: MetallbVersion, keys: readonly string[]): Feature[] =>
  keys.map((key) => ({ key, since, bgpType: "frr" }));

/**
 * The keys that came after 0.9, by the CustomResourceDefinitions of each version. A key stands before those below it.
 * asPathPrepend, which the CRDs have from 0.16.2 on, is no key of cluster.yaml: MetalLB takes it from frr-k8s only.
 */
export const features: readonly Feature[] = [
  ...from("0.13.7", [
    "manifest",
    // The flag came with 0.13.0, upstream: controller/main.go and speaker/main.go.
    "loadBalancerClass",
    "webhookFailurePolicy",
    "controller.logLevel",
    "speaker.logLevel",
    "pools[].l2Advertisements",
    "pools[].bgpAdvertisements[].aggregationLengthV6",
    "pools[].bgpAdvertisements[].peers",
    "pools[].bgpAdvertisements[].nodeSelectors",
    "peers[].name",
    "peers[].sourceAddress",
    "peers[].passwordSecret",
    "peers[].ebgpMultiHop",
  ]),
  ...withFrr("0.13.7", [
    "frrImageRegistry",
    "images.frr",
    "bfdProfiles",
    "peers[].keepaliveTime",
    "peers[].bfdProfile",
  ]),
  ...from("0.13.9", ["pools[].serviceAllocation"]),
  ...withFrr("0.13.9", ["peers[].vrf"]),
  // The ConfigMap came with 0.13.10.
  ...from("0.13.12", ["speaker.excludeInterfaces"]),
  // The flag came with 0.14.4, upstream: speaker/main.go.
  ...from("0.14.5", ["ignoreExcludeLB"]),
  ...withFrr("0.14.5", ["peers[].connectTime"]),
  ...withFrr("0.14.8", ["peers[].enableGracefulRestart"]),
  ...withFrr("0.14.9", ["peers[].dynamicASN"]),
  ...withFrr("0.15.2", ["peers[].interface", "peers[].dualStackAddressFamily"]),
  ...from("0.16.1", ["pools[].l2Advertisements[].serviceSelectors", "pools[].bgpAdvertisements[].serviceSelectors"]),
  ...withFrr("0.16.1", ["peers[].localASN"]),
  // The flag came with 0.16.2, upstream: speaker/main.go.
  ...from("0.16.2", ["speaker.gratuitousARPIntervalSeconds", "pools[].l2Advertisements[].preferredNodeSelectors"]),
];

/** The first version that has a bgpType at all, and so IPv6 and large communities by BGP. */
export const frrSince: MetallbVersion = "0.13.7";

/** The first version that says at its start that bgpType frr will be removed; upstream: controller/main.go. */
export const frrDeprecatedSince: MetallbVersion = "0.16.1";
