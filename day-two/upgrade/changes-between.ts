import { memberlistKeyOf } from "../../stacks/metallb/release/running";
import { leavesOutExcluded } from "../load-balancers";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { isOlder, isSince } from "../../values/versions";

/** What upstream's release notes say that breaks something, or changes what a user sees. */
interface Change {
  /** The release that brought it. */
  readonly since: string;
  readonly text: string;
  /** Where it is of no concern. @default it always is */
  readonly concerns?: (metallb: MetallbConfig) => boolean;
}

/** Upstream: website/content/release-notes/_index.md of v0.16.2. */
const changes: readonly Change[] = [
  {
    since: "0.13.2",
    text: "the ConfigMap metallb-system/config is not read any more: custom resources take its place, which the stack address-pools makes of cluster.yaml",
  },
  {
    since: "0.13.2",
    text: "images come from quay.io/metallb, not from Docker Hub: nodes and mirrors have to reach it, or set metallb.imageRegistry",
    concerns: ({ imageRegistry }) => imageRegistry === undefined,
  },
  {
    since: "0.13.2",
    text: "a webhook of the controller judges every change of a pool: the API server has to reach port 9443/tcp of the controller's pod",
  },
  {
    since: "0.14.2",
    text: "AddressPool objects, which 0.13 still reads, are not known any more: IPAddressPool takes their place, and cluster.yaml declares it",
  },
  {
    since: "0.14.2",
    text: "Kubernetes has to be 1.21 or later: Services' endpoints are read from EndpointSlices only",
  },
  {
    since: "0.14.2",
    text: "nodes labelled node.kubernetes.io/exclude-from-external-load-balancers, as kubeadm labels control-plane nodes, announce nothing; metallb.ignoreExcludeLB: true lets them announce as before",
    concerns: leavesOutExcluded,
  },
  {
    since: "0.14.2",
    text: "a pool that gives up an address in use is taken at once, and the Service loses the address; before it was refused, and logged",
  },
  {
    since: "0.16.0",
    text: "metrics are served by HTTPS on port 9120 to who may read them, not by HTTP on port 7472: whatever scrapes them has to change, and firewalls",
  },
  {
    since: "0.16.0",
    text: "bgpType frr is deprecated, and will be removed from MetalLB: new features come in frr-k8s mode only, which these stacks do not know",
    concerns: ({ bgpType }) => bgpType === "frr",
  },
];

/** What the move from one version to another brings with it, oldest first: "0.14.2: …". */
export function changesBetween(from: string, metallb: MetallbConfig): string[] {
  const passed = changes.filter(
    ({ since, concerns = () => true }) => isOlder(from, since) && isSince(metallb.version, since) && concerns(metallb),
  );
  const [before, after] = [memberlistKeyOf(from), memberlistKeyOf(metallb.version)];
  const key = `speakers of ${from} and of ${metallb.version} do not count each other as members while the pods are replaced, since they make their key of ${before} and of ${after}: for that time two nodes may announce the same address`;
  return [...passed.map(({ since, text }) => `${since}: ${text}`), ...(before === after ? [] : [key])];
}
