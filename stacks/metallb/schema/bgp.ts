import { z } from "zod";
import {
  dnsSubdomain,
  duration,
  durationOrZero,
  flag,
  interfaceName,
  ipAddress,
  ipv4Address,
  objectName,
  port,
  wholeNumber,
} from "../../../values/scalars";
import { expectation } from "../../../values/expectation";
import { foreignKeys } from "../../../values/foreign-keys";
import { labelSelectors } from "./selectors";

const asn = wholeNumber(
  1,
  4294967295,
  "an AS number",
  "write a number in that range, without quotes and without AS; 1.10, in dotted notation, is 65546 (1 × 65536 + 10)",
);

/** Fields of a BGPPeer that cluster.yaml does not have. */
const elsewhere = {
  password: {
    remedy:
      "put the password into a Secret of metallb-system, type kubernetes.io/basic-auth, and write passwordSecret with its name; MetalLB before 0.13 has no such key, and a password cannot be expressed with it here: it would stand in the ConfigMap for everybody to read",
  },
  disableMP: {
    remedy:
      "remove it: from MetalLB 0.15 on a session is of one family anyway, unless it has dualStackAddressFamily: true; with 0.14 put the router as a BGPPeer into a file of metallb.resources",
  },
};

/** Upstream: DynamicASNMode in api/v1beta2/bgppeer_types.go. */
const dynamicASNs = ["internal", "external"] as const;

export const peerSchema = z
  .strictObject({
    name: dnsSubdomain.optional().meta({
      description: "The router's name, which announcements name. Default: its address, with hyphens: 192-168-1-1.",
    }),
    peerAddress: ipAddress.optional().meta({ description: "The router's address; or interface, in its place." }),
    interface: interfaceName.optional().meta({
      description:
        "The nodes' interface to the router, for a session without addresses (unnumbered). From MetalLB 0.15 on, with bgpType frr or frr-k8s.",
    }),
    peerASN: asn.optional().meta({ description: "The router's AS number; or dynamicASN, in its place." }),
    dynamicASN: z
      .enum(dynamicASNs, {
        error: expectation(
          dynamicASNs.join(" or "),
          "write internal for a router of the same AS, external for one of another",
        ),
      })
      .optional()
      .meta({
        description:
          "The router's AS number is found out: internal, it is the cluster's own; external, it is any other. From MetalLB 0.14.9 on, with bgpType frr or frr-k8s.",
      }),
    myASN: asn.meta({ description: "The cluster's AS number." }),
    localASN: asn.optional().meta({
      description:
        "An AS number to show to this router in place of myASN. From MetalLB 0.16 on, with bgpType frr; MetalLB does not hand it to frr-k8s.",
    }),
    peerPort: port.default(179).meta({ description: "The router's BGP port. From MetalLB 0.13 on at most 16384." }),
    holdTime: durationOrZero.optional().meta({
      description:
        "BGP hold time, 3s to 65535s, or 0s for none. Default: 90s; with bgpType frr or frr-k8s from MetalLB 0.14 on three times the keepaliveTime, or FRR's own default where neither is given.",
    }),
    keepaliveTime: durationOrZero
      .optional()
      .meta({ description: "BGP keepalive time. Default: a third of the hold time. With bgpType frr or frr-k8s." }),
    connectTime: duration.optional().meta({
      description: "Time between two attempts to connect. From MetalLB 0.14 on, with bgpType frr or frr-k8s.",
    }),
    sourceAddress: ipAddress
      .optional()
      .meta({ description: "Address to connect from. From MetalLB 0.11 on; MetalLB does not hand it to frr-k8s." }),
    routerID: ipv4Address
      .optional()
      .meta({ description: "BGP router id, an IPv4 address. Default: the node's address." }),
    nodeSelectors: labelSelectors.meta({
      description: "Only nodes that one of these selectors matches connect to the router. Default: every node.",
    }),
    passwordSecret: objectName("passwordSecret", "a Secret in metallb-system").optional().meta({
      description:
        "Name of a Secret in metallb-system, of type kubernetes.io/basic-auth, whose password the session uses. From MetalLB 0.13 on.",
    }),
    bfdProfile: dnsSubdomain.optional().meta({
      description: "Name of one of metallb.bfdProfiles, for a BFD session beside. With bgpType frr or frr-k8s.",
    }),
    ebgpMultiHop: flag
      .default(false)
      .meta({ description: "true: the router of another AS is more than one hop away. From MetalLB 0.12 on." }),
    vrf: interfaceName
      .optional()
      .meta({ description: "The nodes' VRF that the router is reached in. With bgpType frr or frr-k8s." }),
    enableGracefulRestart: flag.default(false).meta({
      description: "true: BGP graceful restart. From MetalLB 0.14.6 on with bgpType frr, from 0.14.9 on with frr-k8s.",
    }),
    dualStackAddressFamily: flag.default(false).meta({
      description:
        "true: addresses of both families in the one session. From MetalLB 0.15 on, with bgpType frr or frr-k8s.",
    }),
  })
  .register(foreignKeys, elsewhere);

const milliseconds = wholeNumber(10, 60000, "milliseconds");

/** Upstream: api/v1beta1/bfdprofile_types.go; what is left out is FRR's default. */
export const bfdProfileSchema = z.strictObject({
  name: dnsSubdomain.meta({ description: "The profile's name." }),
  receiveInterval: milliseconds
    .optional()
    .meta({ description: "Shortest time between two packets that are received, in ms. Default: 300." }),
  transmitInterval: milliseconds
    .optional()
    .meta({ description: "Shortest time between two packets that are sent, in ms. Default: 300." }),
  detectMultiplier: wholeNumber(2, 255, "a number of packets")
    .optional()
    .meta({ description: "How many packets may be lost. Default: 3." }),
  echoInterval: milliseconds
    .optional()
    .meta({ description: "Shortest time between two echo packets, in ms. Default: 50." }),
  echoMode: flag.default(false).meta({ description: "true: echo packets. Not with pools of IPv6 addresses." }),
  passiveMode: flag.default(false).meta({ description: "true: wait for the router to begin." }),
  minimumTtl: wholeNumber(1, 254, "a TTL")
    .optional()
    .meta({ description: "The least TTL of packets from a router over several hops. Default: 254." }),
});

/** One of `metallb.peers`, with every default in its place. */
export type PeerConfig = z.output<typeof peerSchema>;

/** One of `metallb.bfdProfiles`, with every default in its place. */
export type BfdProfileConfig = z.output<typeof bfdProfileSchema>;
