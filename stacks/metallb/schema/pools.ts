import { z } from "zod";
import { type AddressRange, isRange, parseRange, rangeForms } from "../../../values/address-ranges";
import { expectation } from "../../../values/expectation";
import { dnsLabel, dnsSubdomain, flag, interfaceName, someText, wholeNumber } from "../../../values/scalars";
import { labelSelectors, labelSelectorSchema } from "./selectors";

const nodeSelectors = labelSelectors.meta({
  description: "Only nodes that one of these selectors matches announce. Default: every node.",
});

const serviceSelectors = labelSelectors.meta({
  description: "Only Services that one of these selectors matches are announced. Default: every Service of the pool.",
});

export const bgpAdvertisementSchema = z.strictObject({
  aggregationLength: wholeNumber(1, 32, "the length of an IPv4 prefix")
    .default(32)
    .meta({ description: "Length of the announced prefix, in bits." }),
  aggregationLengthV6: wholeNumber(1, 128, "the length of an IPv6 prefix")
    .default(128)
    .meta({ description: "The same for IPv6." }),
  localPref: wholeNumber(0, 4294967295, "a BGP LOCAL_PREF")
    .optional()
    .meta({ description: "BGP LOCAL_PREF, for iBGP peers." }),
  asPathPrepend: wholeNumber(1, 10, "how often").optional().meta({
    description:
      "How often the cluster's own AS number is put before the path once more, so that routers prefer another way. From MetalLB 0.16.2 on, with bgpType frr-k8s.",
  }),
  communities: z
    .array(someText('a BGP community such as "65535:65282"'))
    .max(63, {
      error: expectation("at most 63 communities, as MetalLB's speaker allows", "remove communities from the list"),
    })
    .default([])
    .meta({ description: 'BGP communities: "65535:65282", or a name from metallb.bgpCommunities.' }),
  peers: z
    .array(dnsSubdomain)
    .default([])
    .meta({ description: "Names of the peers that it is announced to. Default: every peer." }),
  nodeSelectors,
  serviceSelectors,
});

const preferredNodeSelectorSchema = z.strictObject({
  weight: wholeNumber(1, 100, "a weight").meta({ description: "How much a node that matches is preferred." }),
  preference: labelSelectorSchema.meta({ description: "The label selector of such nodes." }),
});

export const l2AdvertisementSchema = z.strictObject({
  nodeSelectors,
  interfaces: z
    .array(interfaceName)
    .default([])
    .meta({ description: "Network interfaces of the nodes to announce from. Default: every interface." }),
  preferredNodeSelectors: z
    .array(preferredNodeSelectorSchema)
    .default([])
    .meta({ description: "Which of those nodes announce rather than others." }),
  serviceSelectors,
});

const serviceAllocationSchema = z.strictObject({
  priority: wholeNumber(0, 2147483647, "a priority").optional().meta({
    description: "Of several pools, the one with the lowest number comes first; none or 0 comes last.",
  }),
  namespaces: z.array(dnsLabel).default([]).meta({ description: "Namespaces whose Services may use the pool." }),
  namespaceSelectors: labelSelectors.meta({ description: "The same by the namespaces' labels." }),
  serviceSelectors: labelSelectors.meta({ description: "Labels of the Services that may use the pool." }),
});

/** A range of a pool, beside the text that it is written as. */
export interface PoolAddresses extends AddressRange {
  readonly text: string;
}

const noRange = expectation(rangeForms, "write one of these forms");

const poolAddresses = z
  .string({ error: noRange })
  .min(1, { error: noRange })
  .transform((text, context): PoolAddresses => {
    const range = parseRange(text);
    if (isRange(range)) return { text, ...range };
    context.addIssue({ code: "custom", message: expectation(range.expected, range.remedy, "pool") });
    return z.NEVER;
  });

/** What a pool's protocol may be. */
const poolProtocols = ["layer2", "bgp", "none"] as const;

export const poolSchema = z.strictObject({
  name: someText("the pool's name").meta({
    description: "The pool's name, which Services may ask for. From MetalLB 0.13 on a DNS name.",
  }),
  protocol: z
    .enum(poolProtocols, {
      error: expectation(
        `one of ${poolProtocols.join(", ")}`,
        "write layer2 or bgp; for both, one of them and announcements of the other; none for a pool that something else announces",
      ),
    })
    .default("layer2")
    .meta({
      description:
        "How the pool's addresses are announced. none: MetalLB gives them to Services, and something else announces them, such as Calico. From MetalLB 0.13 on.",
    }),
  addresses: z
    .array(poolAddresses)
    .min(1, { error: expectation("at least one range", `add ${rangeForms}`) })
    .meta({
      description:
        'Ranges "192.168.1.240-192.168.1.250" or networks "192.168.10.0/24"; one address is "192.168.1.240/32".',
    }),
  autoAssign: flag.default(true).meta({ description: "false: only Services that ask for the pool get its addresses." }),
  avoidBuggyIPs: flag.default(false).meta({ description: "true: leave out addresses that end in .0 and .255." }),
  serviceAllocation: serviceAllocationSchema
    .optional()
    .meta({ description: "Which Services may use the pool. Default: all of them. From MetalLB 0.13.8 on." }),
  l2Advertisements: z.array(l2AdvertisementSchema).default([]).meta({
    description:
      "Who announces the pool by layer2; with protocol bgp, beside BGP. Default: with protocol layer2 one announcement, by every node. From MetalLB 0.13 on.",
  }),
  bgpAdvertisements: z.array(bgpAdvertisementSchema).default([]).meta({
    description:
      "How the pool is announced by BGP; with protocol layer2, beside layer2, from MetalLB 0.13 on. Default: with protocol bgp one /32 or /128 per Service.",
  }),
});

/** One of `metallb.pools`, with every default in its place. */
export type PoolConfig = z.output<typeof poolSchema>;
