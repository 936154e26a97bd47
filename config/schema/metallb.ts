import { z } from "zod";
import { dnsLabel, duration, ipAddress, port } from "./scalars";

const asn = z.number().int().min(1).max(4294967295);

const bgpAdvertisementSchema = z.strictObject({
  aggregationLength: z
    .number()
    .int()
    .min(1)
    .max(128)
    .default(32)
    .meta({ description: "Length of the announced prefix, in bits." }),
  localPref: z
    .number()
    .int()
    .min(0)
    .max(4294967295)
    .optional()
    .meta({ description: "BGP LOCAL_PREF, for iBGP peers." }),
  communities: z
    .array(z.string())
    .default([])
    .meta({ description: 'BGP communities: "65535:65282", or a name from metallb.bgpCommunities.' }),
});

export const poolSchema = z.strictObject({
  name: dnsLabel.meta({ description: "The pool's name." }),
  protocol: z
    .enum(["layer2", "bgp"])
    .default("layer2")
    .meta({ description: "How the pool's addresses are announced." }),
  addresses: z
    .array(z.string())
    .min(1, { error: "expected at least one range" })
    .meta({
      description:
        'Ranges "192.168.1.240-192.168.1.250" or networks "192.168.10.0/24"; one address is "192.168.1.240/32".',
    }),
  autoAssign: z
    .boolean()
    .default(true)
    .meta({ description: "false: only Services that ask for the pool get its addresses." }),
  avoidBuggyIPs: z.boolean().default(false).meta({ description: "true: leave out addresses that end in .0 and .255." }),
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
  holdTime: duration.default("90s").meta({ description: "BGP hold time, at least 3s." }),
  sourceAddress: ipAddress.optional().meta({ description: "Address to connect from." }),
  routerID: ipAddress.optional().meta({ description: "BGP router id, an IPv4 address. Default: the node's address." }),
});

export const metallbSchema = z.strictObject({
  version: z.enum(["0.9.5", "0.9.6"]).meta({ description: "MetalLB's version." }),
  imageRegistry: z
    .string()
    .regex(/^[a-z0-9.-]+(:\d+)?(\/[a-z0-9._-]+)*$/, {
      error: "expected a registry and path, such as docker.io/metallb",
    })
    .default("docker.io/metallb")
    .meta({ description: "Where the images controller and speaker come from: registry and path." }),
  rolloutTimeout: duration
    .default("5m")
    .meta({ description: "How long the controller and the speakers may take to become ready." }),
  pools: z
    .array(poolSchema)
    .min(1, { error: "expected at least one pool" })
    .meta({ description: "The address pools." }),
  peers: z.array(peerSchema).default([]).meta({ description: "The BGP routers, for pools with protocol bgp." }),
  bgpCommunities: z
    .record(z.string(), z.string())
    .default({})
    .meta({ description: 'Names for BGP communities: no-export: "65535:65281".' }),
});
