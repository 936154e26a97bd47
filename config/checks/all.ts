import { checkAdvertisements } from "./advertisements";
import { checkBfd } from "./bfd";
import { checkBgp } from "./bgp";
import type { Check } from "./check";
import { checkCommunities } from "./communities";
import { checkCredentials } from "./credentials";
import { checkHostKeys } from "./host-keys";
import { checkKubeProxy } from "./kube-proxy";
import { checkMetallbFeatures } from "./metallb-features";
import { checkNetworks } from "./networks";
import { checkNodes } from "./nodes";
import { checkPeers } from "./peers";
import { checkPoolOverlaps } from "./pool-overlaps";
import { checkPoolRanges } from "./pool-ranges";
import { checkPools } from "./pools";
import { checkReservedAddresses } from "./reserved-addresses";
import { checkSelectors } from "./selectors";
import { checkSsh } from "./ssh";
import { checkVersions } from "./versions";

/** The checks of a configuration that need nothing but the configuration. */
export const checks: readonly Check[] = [
  checkNodes,
  checkSsh,
  checkHostKeys,
  checkCredentials,
  checkVersions,
  checkKubeProxy,
  checkNetworks,
  checkPools,
  checkPoolRanges,
  checkPoolOverlaps,
  checkReservedAddresses,
  checkMetallbFeatures,
  checkBgp,
  checkPeers,
  checkBfd,
  checkAdvertisements,
  checkCommunities,
  checkSelectors,
];
