import { isAtLeast, kubernetesMinors } from "../../../values/kubernetes-version";
import type { Finding } from "../../../values/problem";
import { isSince } from "../../../values/versions";
import type { MetallbDraft } from "../draft";
import { type MetallbVersion, newestPatch, usesCustomResources } from "../release/releases";

/** The first versions whose kinds say of an AS number that it has 64 bits; upstream: metallb#3035 and metallb#3054. */
const formatSince = { myASN: "0.16.0", localASN: "0.16.1" } as const satisfies Record<string, MetallbVersion>;

/**
 * Routers of a MetalLB whose kind has an AS number in 32 bits with a maximum beyond them: API servers from 1.36 on refuse every
 * such object (metallb#3034; 1.37.2 refuses those of 0.15.2, and takes those of 0.16.2).
 */
export function checkAsNumberFormats({ kubernetes, metallb }: MetallbDraft): Finding[] {
  const { version, peers = [] } = metallb ?? {};
  const cluster = kubernetes?.version;
  if (version === undefined || cluster === undefined || !usesCustomResources(version)) return [];
  if (!isAtLeast(cluster, kubernetesMinors.integerFormats)) return [];
  const index = peers.findIndex((peer) =>
    (["myASN", "localASN"] as const).some((key) => peer?.[key] !== undefined && !isSince(version, formatSince[key])),
  );
  if (index < 0) return [];
  const needed = isSince(version, formatSince.myASN) ? formatSince.localASN : formatSince.myASN;
  return [
    {
      severity: "error",
      path: ["metallb", "peers", index],
      given: `a router with version: ${version} and Kubernetes ${cluster}`,
      expected: `MetalLB ${needed} or newer: Kubernetes from 1.${kubernetesMinors.integerFormats} on refuses every BGPPeer of older ones, whose kind has AS numbers of 32 bits that may be larger than these`,
      remedy: `set metallb.version: ${newestPatch(needed)}`,
    },
  ];
}
