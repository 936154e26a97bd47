import { isSince } from "../../values/versions";

/** Where MetalLB's speakers find each other, TCP and UDP, unless something else is said; upstream: its page Requirements. */
export const memberlistPort = 7946;

/** What of MetalLB's section says where its speakers find each other, and where else its pods are asked on nodes' addresses. */
export interface SpeakersMemberlist {
  readonly version?: string;
  readonly bgpType?: string;
  readonly speaker: { readonly memberlist: { readonly enabled: boolean; readonly bindPort: number } };
}

/** Where frr-k8s' webhook listens, and the first version in which that is a port of the node; upstream: its manifests. */
export const frrK8sWebhookPort = 19443;
const frrK8sWebhookOnNodesSince = "0.15.0";

/** Whether the API server asks MetalLB at a port of nodes. */
export const hasWebhookOnNodes = ({ version, bgpType }: Pick<SpeakersMemberlist, "version" | "bgpType">): boolean =>
  bgpType === "frr-k8s" && version !== undefined && isSince(version, frrK8sWebhookOnNodesSince);

/**
 * What scripts that open the ports, or look at them, are told. Nothing where they are the usual ones, so that what was done
 * on a node is not done again because of a new parameter: scripts/lib/defaults in the room of nodes.
 */
export function memberlistParameters(metallb: SpeakersMemberlist): { readonly memberlist_ports?: string } {
  const { enabled, bindPort } = metallb.speaker.memberlist;
  const webhook = hasWebhookOnNodes(metallb) ? [`${frrK8sWebhookPort}/tcp`] : [];
  if (enabled && bindPort === memberlistPort && webhook.length === 0) return {};
  return { memberlist_ports: [...(enabled ? [`${bindPort}/tcp`, `${bindPort}/udp`] : []), ...webhook].join(" ") };
}
