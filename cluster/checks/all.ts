import { checkAdvertisements } from "../../stacks/metallb/checks/advertisements";
import { checkAffinities } from "../../stacks/metallb/checks/affinity";
import { checkAsNumberFormats } from "../../stacks/metallb/checks/as-number-formats";
import { checkBfd } from "../../stacks/metallb/checks/bfd";
import { checkBgp } from "../../stacks/metallb/checks/bgp";
import type { ConfigurationCheck } from "./check";
import { checkClusterNetworks } from "../../stacks/metallb/checks/cluster-networks";
import { checkCommunities } from "../../stacks/metallb/checks/communities";
import { checkCredentials } from "../../stacks/shared/checks/credentials";
import { checkExcludedInterfaces } from "../../stacks/metallb/checks/excluded-interfaces";
import { checkExcludedNetworks } from "../../stacks/metallb/checks/excluded-networks";
import { checkExcludedNodes } from "../../stacks/metallb/checks/excluded-nodes";
import { checkExecution } from "../../stacks/shared/checks/execution";
import { checkHostKeys } from "../../stacks/shared/checks/host-keys";
import { checkImages } from "../../stacks/metallb/checks/images";
import { checkKubeProxy } from "../../stacks/kube-proxy/checks";
import { checkLoadBalancerClass } from "../../stacks/metallb/checks/load-balancer-class";
import { checkManifestHash, checkPinned } from "../../stacks/metallb/checks/manifest-hash";
import { checkMetallbFeatures } from "../../stacks/metallb/checks/features";
import { checkNetworks } from "../../stacks/shared/checks/networks";
import { checkNodes } from "../../stacks/shared/checks/nodes";
import { checkPeers } from "../../stacks/metallb/checks/peers";
import { checkPodMetadata } from "../../stacks/metallb/checks/pod-metadata";
import { checkPods } from "../../stacks/metallb/checks/pods";
import { checkRollout } from "../../stacks/metallb/checks/rollout";
import { checkPoolOverlaps } from "../../stacks/metallb/checks/pool-overlaps";
import { checkPoolRanges } from "../../stacks/metallb/checks/pool-ranges";
import { checkPools } from "../../stacks/metallb/checks/pools";
import { checkReservedAddresses } from "../../stacks/metallb/checks/reserved-addresses";
import { checkSelectors } from "../../stacks/metallb/checks/selectors";
import { checkSessions } from "../../stacks/metallb/checks/sessions";
import { checkSsh } from "../../stacks/shared/checks/ssh";
import { checkState } from "../../stacks/shared/checks/state";
import { checkVersions } from "./versions";

/** The checks of a configuration that need nothing but the configuration. */
export const checks: readonly ConfigurationCheck[] = [
  checkNodes,
  checkSsh,
  checkHostKeys,
  checkCredentials,
  checkState,
  checkExecution,
  checkVersions,
  checkKubeProxy,
  checkNetworks,
  checkClusterNetworks,
  checkPools,
  checkPoolRanges,
  checkPoolOverlaps,
  checkReservedAddresses,
  checkMetallbFeatures,
  checkPinned,
  checkManifestHash,
  checkBgp,
  checkPeers,
  checkAsNumberFormats,
  checkBfd,
  checkAdvertisements,
  checkCommunities,
  checkSelectors,
  checkSessions,
  checkExcludedNodes,
  checkExcludedNetworks,
  checkExcludedInterfaces,
  checkImages,
  checkLoadBalancerClass,
  checkPods,
  checkPodMetadata,
  checkRollout,
  checkAffinities,
];
