import { isSince } from "../../../values/versions";
import { type BgpType, bgpTypesIn, type MetallbVersion } from "./releases";

/** A key of cluster.yaml that not every version of MetalLB can express. */
export interface Feature {
  /** Below `metallb`, with [] for each item of a list: "peers[].connectTime". */
  readonly key: string;
  /** The first version that can express it and be declared: from 0.13.7 on upstream's first, before that one of the table. */
  readonly since: MetallbVersion;
  /** The ways to do BGP with which it means something; with another one MetalLB refuses it, or says nothing and does nothing. */
  readonly bgpTypes?: readonly BgpType[];
  /** The first version in frr-k8s mode, where that is a later one. */
  readonly sinceInFrrK8s?: MetallbVersion;
}

const from = (since: MetallbVersion, keys: readonly string[]): Feature[] => keys.map((key) => ({ key, since }));

const only =
  (bgpTypes: readonly BgpType[]) =>
  (since: MetallbVersion, keys: readonly string[]): Feature[] =>
    keys.map((key) => ({ key, since, bgpTypes }));

/** Upstream: DiscardFRROnly in internal/config/validation.go of the same tag. */
const withFrr = only(["frr", "frr-k8s"]);
const withFrrK8s = only(["frr-k8s"]);

/** The first version with upstream's manifest for frr-k8s. */
export const frrK8sSince: MetallbVersion = "0.14.0";

/**
 * What MetalLB takes with every way to do BGP, or every one with FRR, and does not write into the FRRConfiguration that
 * frr-k8s reads; upstream: updateConfig in internal/bgp/frrk8s/frrk8s.go.
 */
const notWithFrrK8s = only(["native", "frr"]);
const withFrrAlone = only(["frr"]);

/**
 * The keys that came after 0.9, by the ConfigMap's parser up to 0.12, then by the CustomResourceDefinitions of each version. A
 * key stands before those below it.
 */
export const features: readonly Feature[] = [
  // The flag came with 0.11.0, upstream: controller/main.go and speaker/main.go.
  ...from("0.11.0", ["controller.logLevel", "speaker.logLevel"]),
  ...notWithFrrK8s("0.11.0", ["peers[].sourceAddress"]),
  ...from("0.12.1", ["pools[].bgpAdvertisements[].aggregationLengthV6", "peers[].ebgpMultiHop"]),
  ...from("0.13.7", [
    "manifest",
    "manifestSHA256",
    // The flag came with 0.13.0, upstream: controller/main.go and speaker/main.go.
    "loadBalancerClass",
    "resources",
    "webhookFailurePolicy",
    "monitoring",
    "pools[].l2Advertisements",
    "pools[].bgpAdvertisements[].peers",
    "pools[].bgpAdvertisements[].nodeSelectors",
    "peers[].name",
    "peers[].passwordSecret",
  ]),
  ...withFrr("0.13.7", [
    "frrImageRegistry",
    "images.frr",
    "bfdProfiles",
    "peers[].keepaliveTime",
    "peers[].bfdProfile",
  ]),
  ...from("0.13.8", ["pools[].serviceAllocation"]),
  ...withFrr("0.13.8", ["peers[].vrf"]),
  // The ConfigMap metallb-excludel2.
  ...from("0.13.10", ["speaker.excludeInterfaces"]),
  // Upstream: config/manifests/metallb-frr-k8s.yaml.
  ...withFrrK8s(frrK8sSince, ["frrk8s", "images.frrk8s", "images.kubeRbacProxy"]),
  // The flag, upstream: speaker/main.go.
  ...from("0.14.4", ["ignoreExcludeLB"]),
  ...withFrr("0.14.4", ["peers[].connectTime"]),
  // Upstream: #2386, and for frr-k8s #2550.
  { key: "peers[].enableGracefulRestart", since: "0.14.6", bgpTypes: ["frr", "frr-k8s"], sinceInFrrK8s: "0.14.9" },
  ...withFrr("0.14.9", ["peers[].dynamicASN"]),
  ...withFrr("0.15.0", ["peers[].interface", "peers[].dualStackAddressFamily"]),
  ...from("0.16.0", ["pools[].l2Advertisements[].serviceSelectors", "pools[].bgpAdvertisements[].serviceSelectors"]),
  ...withFrrAlone("0.16.0", ["peers[].localASN"]),
  // The flag came with 0.16.2, upstream: speaker/main.go.
  ...from("0.16.2", ["speaker.gratuitousARPIntervalSeconds", "pools[].l2Advertisements[].preferredNodeSelectors"]),
  // Upstream: DiscardFRRK8sOnly in internal/config/validation.go.
  ...withFrrK8s("0.16.2", ["pools[].bgpAdvertisements[].asPathPrepend"]),
];

/** The first version that has a bgpType at all, and so IPv6 and large communities by BGP. 0.12's FRR was an experiment. */
export const frrSince: MetallbVersion = "0.13.7";

/** The first version that says at its start that bgpType frr will be removed; upstream: controller/main.go. */
export const frrDeprecatedSince: MetallbVersion = "0.16.0";

/** Which of some ways to do BGP is to be advised for a version: not one that upstream will remove. */
export const advisedOf = (bgpTypes: readonly BgpType[], version: MetallbVersion): BgpType | undefined => {
  const known = bgpTypes.filter((type) => bgpTypesIn(version).includes(type));
  return known.find((type) => !(type === "frr" && isSince(version, frrDeprecatedSince))) ?? known[0];
};
