import { z } from "zod";
import { explain } from "./explain";
import { dnsLabel, duration, flag, ipAddress, ipv4Address, port, someText, wholeNumber } from "./scalars";

const asn = wholeNumber(1, 4294967295, "an AS number");

const bgpAdvertisementSchema = z.strictObject({
  aggregationLength: wholeNumber(1, 32, "the length of an IPv4 prefix")
    .default(32)
    .meta({ description: "Length of the announced prefix, in bits." }),
  localPref: wholeNumber(0, 4294967295, "a BGP LOCAL_PREF")
    .optional()
    .meta({ description: "BGP LOCAL_PREF, for iBGP peers." }),
  communities: z
    .array(someText('a BGP community such as "65535:65282"'))
    .max(63, {
      error: explain("at most 63 communities, as MetalLB's speaker allows", "remove communities from the list"),
    })
    .default([])
    .meta({ description: 'BGP communities: "65535:65282", or a name from metallb.bgpCommunities.' }),
});

const rangeForms = 'a range "192.168.1.240-192.168.1.250" or a network "192.168.10.0/24"';

export const poolSchema = z.strictObject({
  name: dnsLabel.meta({ description: "The pool's name." }),
  protocol: z
    .enum(["layer2", "bgp"])
    .default("layer2")
    .meta({ description: "How the pool's addresses are announced." }),
  addresses: z
    .array(someText(rangeForms))
    .min(1, { error: explain("at least one range", `add ${rangeForms}`) })
    .meta({
      description:
        'Ranges "192.168.1.240-192.168.1.250" or networks "192.168.10.0/24"; one address is "192.168.1.240/32".',
    }),
  autoAssign: flag.default(true).meta({ description: "false: only Services that ask for the pool get its addresses." }),
  avoidBuggyIPs: flag.default(false).meta({ description: "true: leave out addresses that end in .0 and .255." }),
  bgpAdvertisements: z
    .array(bgpAdvertisementSchema)
    .default([])
    .meta({ description: "With protocol bgp: how the pool is announced. Default: one /32 per Service." }),
});

export const peerSchema = z.strictObject({
  peerAddress: ipAddress.meta({ description: "The router's address." }),
  peerASN: asn.meta({ description: "The router's AS number." }),
  myASN: asn.meta({ description: "The cluster's AS number." }),
  peerPort: port.default(179).meta({ description: "The router's BGP port." }),
  holdTime: duration.default("90s").meta({ description: "BGP hold time, 3s to 65535s." }),
  sourceAddress: ipAddress
    .optional()
    .meta({ description: "Address to connect from. MetalLB 0.9 has no such setting and refuses it." }),
  routerID: ipv4Address
    .optional()
    .meta({ description: "BGP router id, an IPv4 address. Default: the node's address." }),
});

const imageRegistryError = explain(
  "a registry and path, such as docker.io/metallb",
  "write them without https://, image name and tag",
);

export const metallbSchema = z.strictObject({
  version: z
    .enum(["0.9.5", "0.9.6"], { error: explain("0.9.5 or 0.9.6", "choose one of the two") })
    .meta({ description: "MetalLB's version." }),
  imageRegistry: z
    .string({ error: imageRegistryError })
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, { error: imageRegistryError })
    .default("docker.io/metallb")
    .meta({ description: "Where the images controller and speaker come from: registry and path." }),
  rolloutTimeout: duration
    .default("5m")
    .meta({ description: "How long the controller and the speakers may take to become ready." }),
  pools: z
    .array(poolSchema)
    .min(1, { error: explain("at least one pool", "add a pool with a name and addresses") })
    .meta({ description: "The address pools." }),
  allowAddressLoss: flag.default(false).meta({
    description:
      "true: Services may lose addresses that the pools no longer hold, and MetalLB's controller and speakers restart to take such pools. false: a plan that would do so fails with the list of them.",
  }),
  peers: z.array(peerSchema).default([]).meta({ description: "The BGP routers, for pools with protocol bgp." }),
  bgpCommunities: z
    .record(z.string(), someText('a BGP community such as "65535:65281"'))
    .default({})
    .meta({ description: 'Names for BGP communities: no-export: "65535:65281".' }),
});
