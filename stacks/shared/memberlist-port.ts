/** Where MetalLB's speakers find each other, TCP and UDP, unless something else is said; upstream: its page Requirements. */
export const memberlistPort = 7946;

/** What of MetalLB's section says where its speakers find each other. */
export interface SpeakersMemberlist {
  readonly speaker: { readonly memberlist: { readonly enabled: boolean; readonly bindPort: number } };
}

/**
 * What scripts that open the ports, or look at them, are told. Nothing where they are the usual ones, so that what was done
 * on a node is not done again because of a new parameter: scripts/lib/defaults in the room of nodes.
 */
export function memberlistParameters({ speaker }: SpeakersMemberlist): { readonly memberlist_ports?: string } {
  const { enabled, bindPort } = speaker.memberlist;
  if (!enabled) return { memberlist_ports: "" };
  return bindPort === memberlistPort ? {} : { memberlist_ports: `${bindPort}/tcp ${bindPort}/udp` };
}
