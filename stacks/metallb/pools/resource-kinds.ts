/** A kind of object that configures MetalLB 0.13 and later. */
export interface ResourceKind {
  readonly kind: string;
  /** As the API's paths have it. */
  readonly plural: string;
  readonly version: "v1beta1" | "v1beta2";
  /** What the CustomResourceDefinition of any version fills in where a key of `spec` is missing. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** The API group of MetalLB's kinds. */
export const resourceGroup = "metallb.io";

/** Every kind that `customResources` makes, in its order. */
export const resourceKinds: readonly ResourceKind[] = [
  { kind: "BFDProfile", plural: "bfdprofiles", version: "v1beta1", defaults: {} },
  {
    kind: "BGPPeer",
    plural: "bgppeers",
    version: "v1beta2",
    defaults: { peerPort: 179, disableMP: false, dualStackAddressFamily: false },
  },
  { kind: "Community", plural: "communities", version: "v1beta1", defaults: {} },
  {
    kind: "IPAddressPool",
    plural: "ipaddresspools",
    version: "v1beta1",
    defaults: { autoAssign: true, avoidBuggyIPs: false },
  },
  { kind: "L2Advertisement", plural: "l2advertisements", version: "v1beta1", defaults: {} },
  {
    kind: "BGPAdvertisement",
    plural: "bgpadvertisements",
    version: "v1beta1",
    defaults: { aggregationLength: 32, aggregationLengthV6: 128 },
  },
];
