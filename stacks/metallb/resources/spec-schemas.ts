import { z } from "zod";
import { expectation } from "../../../values/expectation";
import { dnsSubdomain, flag, someText } from "../../../values/scalars";
import { namespaceName } from "../release/component";
import { bfdProfileSchema, peerSchema } from "../schema/bgp";
import { bgpAdvertisementSchema, l2AdvertisementSchema, poolSchema } from "../schema/pools";
import { labelSelectors } from "../schema/selectors";

const targets = {
  ipAddressPools: z.array(dnsSubdomain).optional(),
  ipAddressPoolSelectors: labelSelectors,
};

const secretNamespace = z
  .literal(namespaceName, { error: expectation(namespaceName, "put the Secret there, where MetalLB reads it") })
  .optional();

const community = z.strictObject({ name: someText("a name"), value: someText('a community such as "65535:65281"') });

/** What the spec of a kind may have, in the words of cluster.yaml where it has the same key. */
export const specSchemas: Readonly<Record<string, z.ZodObject>> = {
  BFDProfile: bfdProfileSchema.omit({ name: true }),
  BGPPeer: z.strictObject({
    ...peerSchema.omit({ name: true }).shape,
    passwordSecret: z.strictObject({ name: dnsSubdomain, namespace: secretNamespace }).optional(),
    disableMP: flag.optional(),
  }),
  Community: z.strictObject({ communities: z.array(community) }),
  IPAddressPool: poolSchema.pick({ addresses: true, autoAssign: true, avoidBuggyIPs: true, serviceAllocation: true }),
  L2Advertisement: l2AdvertisementSchema.extend(targets),
  BGPAdvertisement: bgpAdvertisementSchema.extend(targets),
};
