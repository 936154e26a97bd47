import { allPeers, allPools } from "../../stacks/metallb/resources/as-sections";
import { components } from "../../stacks/metallb/release/component";
import { isAnnouncedBy } from "../../stacks/metallb/pools/protocols";
import { memberlistKeyOf } from "../../stacks/metallb/release/running";
import { type BgpType, isByFrr } from "../../stacks/metallb/release/releases";
import { frrK8sWebhookPort, hasWebhookOnNodes } from "../../stacks/shared/memberlist-port";
import type { MetallbConfig } from "../../stacks/metallb/schema/metallb";
import { isOlder, isSince } from "../../values/versions";

/** What upstream's release notes say that breaks something, or changes what a user sees. */
interface Change {
  /** The release that brought it. */
  readonly since: string;
  /** The release that took it back. @default none */
  readonly until?: string;
  readonly text: string;
  /** The issue or pull request, in upstream's repository. */
  readonly source: number;
  /** Where it is of no concern. @default it always is */
  readonly concerns?: (metallb: MetallbConfig) => boolean;
}

const hasLayer2 = (metallb: MetallbConfig) => allPools(metallb).some((pool) => isAnnouncedBy(pool, "layer2"));
/** Whether BGP announces a pool. */
export const hasBgp = (metallb: MetallbConfig) => allPools(metallb).some((pool) => isAnnouncedBy(pool, "bgp"));
const usesFrr = (metallb: MetallbConfig) => isByFrr(metallb.bgpType) && hasBgp(metallb);

/**
 * Upstream: website/content/release-notes/_index.md of v0.16.2, read from 0.9.5 on, with those that
 * metallb.manifestSHA256 alone can declare.
 */
const changes: readonly Change[] = [
  {
    since: "0.10.0",
    text: "images come from quay.io/metallb, not from Docker Hub: nodes and mirrors have to reach it, or set metallb.imageRegistry",
    source: 696,
    concerns: ({ imageRegistry, images }) =>
      imageRegistry === undefined && !components.every((component) => images?.[component]?.repository !== undefined),
  },
  {
    since: "0.11.0",
    text: "a layer2 address may move to another node: the node is chosen by the address, not by the Service's name",
    source: 976,
    concerns: hasLayer2,
  },
  {
    since: "0.11.0",
    text: "a Service with externalTrafficPolicy Cluster is announced from nodes without one of its pods, too",
    source: 976,
  },
  {
    since: "0.11.0",
    text: "logs have the level info: what was logged at level debug is not there any more",
    source: 895,
  },
  {
    since: "0.12.0",
    text: "a dual-stack Service gets an address of each family, where pools have both",
    source: 1065,
  },
  {
    since: "0.12.0",
    text: "Kubernetes has to be 1.20 or later: addresses are given by spec.clusterIPs of Services",
    source: 1065,
  },
  {
    since: "0.13.2",
    text: "the ConfigMap metallb-system/config is not read any more: custom resources take its place, which the stack address-pools makes of cluster.yaml",
    source: 1237,
  },
  {
    since: "0.13.2",
    text: "a webhook of the controller judges every change of a pool: the API server has to reach port 9443/tcp of the controller's pod",
    source: 1245,
  },
  {
    since: "0.13.2",
    text: "a Service with a loadBalancerClass is another program's: MetalLB gives it no address and announces none",
    source: 1417,
    concerns: ({ loadBalancerClass }) => loadBalancerClass === undefined,
  },
  {
    since: "0.13.2",
    text: "a Service without the loadBalancerClass of cluster.yaml is another program's: MetalLB gives it no address and announces none",
    source: 1417,
    concerns: ({ loadBalancerClass }) => loadBalancerClass !== undefined,
  },
  {
    since: "0.13.9",
    text: "a Service whose address is not right any more loses it; before it was left out and kept it",
    source: 1778,
  },
  {
    since: "0.13.10",
    text: "a Service that asks for an address by spec.loadBalancerIP and for a pool by annotation gets none if the pool does not hold the address",
    source: 1920,
  },
  {
    since: "0.13.10",
    text: "a node with the condition NetworkUnavailable announces nothing",
    source: 1759,
  },
  {
    since: "0.13.10",
    text: "layer2 is silent on interfaces that look virtual, such as docker0, cali…, veth…: the ConfigMap metallb-excludel2 names them",
    source: 1767,
    concerns: hasLayer2,
  },
  {
    since: "0.14.2",
    text: "nodes with the label node.kubernetes.io/exclude-from-external-load-balancers announce nothing; kubeadm puts it on control-plane nodes: set metallb.ignoreExcludeLB: true where they are to announce",
    source: 2073,
    concerns: ({ ignoreExcludeLB }) => !ignoreExcludeLB,
  },
  {
    since: "0.14.2",
    text: "AddressPool objects, which 0.13 still reads, are not known any more: IPAddressPool takes their place, and cluster.yaml declares it",
    source: 2252,
  },
  {
    since: "0.14.2",
    text: "Kubernetes has to be 1.21 or later: Services' endpoints are read from EndpointSlices only",
    source: 2254,
  },
  {
    since: "0.14.2",
    text: "a pool that gives up an address in use is taken at once, and the Service loses the address; before it was refused, and logged",
    source: 2097,
  },
  {
    since: "0.14.9",
    text: "a peer without holdTime and keepaliveTime has FRR's own timers, not 90 s and 30 s",
    source: 2537,
    concerns: (metallb) =>
      usesFrr(metallb) &&
      allPeers(metallb).some(({ holdTime, keepaliveTime }) => holdTime === undefined && keepaliveTime === undefined),
  },
  {
    since: "0.14.9",
    until: "0.15.0",
    text: "a node that is cordoned announces nothing by BGP, until it is uncordoned; 0.15.0 took that back",
    source: 2470,
    concerns: hasBgp,
  },
  {
    since: "0.15.0",
    until: "0.15.1",
    text: "a pool that holds a node's address is refused, and with it every change of pools; 0.15.1 took that back",
    source: 2585,
  },
  {
    since: "0.15.0",
    text: "a BGP session carries routes of its own address's family only, unless the peer has dualStackAddressFamily: true",
    source: 2766,
    concerns: usesFrr,
  },
  {
    since: "0.15.0",
    text: "a dual-stack Service has addresses of the families of its cluster IPs, not of all that pools have",
    source: 2726,
  },
  {
    since: "0.16.0",
    text: "metrics are served by HTTPS on port 9120 to who may read them, not by HTTP on port 7472: whatever scrapes them has to change, and firewalls",
    source: 2979,
  },
  {
    since: "0.16.0",
    text: "bgpType frr is deprecated, and will be removed from MetalLB: new features come in frr-k8s mode only: set metallb.bgpType: frr-k8s",
    source: 2965,
    concerns: ({ bgpType }) => bgpType === "frr",
  },
  {
    since: "0.16.2",
    text: "a layer2 Service that shares its address by allow-shared-ip is not announced where an announcement has serviceSelectors",
    source: 3032,
    concerns: ({ pools }) =>
      pools.some(({ l2Advertisements }) =>
        l2Advertisements.some(({ serviceSelectors }) => serviceSelectors.length > 0),
      ),
  },
];

/** What the move from one version to another brings with it, oldest first: "0.14.2: … (metallb#2073)". */
export function changesBetween(from: string, metallb: MetallbConfig): string[] {
  const passed = changes.filter(
    ({ since, until, concerns = () => true }) =>
      isOlder(from, since) &&
      isSince(metallb.version, since) &&
      !(until !== undefined && isSince(metallb.version, until)) &&
      concerns(metallb),
  );
  const [before, after] = [memberlistKeyOf(from), memberlistKeyOf(metallb.version)];
  const key = `speakers of ${from} and of ${metallb.version} do not count each other as members while the pods are replaced, since they make their key of ${before} and of ${after}: for that time two nodes may announce the same address`;
  return [
    ...passed.map(({ since, text, source }) => `${since}: ${text} (metallb#${source})`),
    ...(before === after ? [] : [key]),
  ];
}

/** What another way to do BGP brings with it. */
export function changesOfBgpType(from: BgpType, metallb: MetallbConfig): string[] {
  const { bgpType: to } = metallb;
  if (from === to) return [];
  const subject = `bgpType ${from} to ${to}`;
  if (from === "frr-k8s") {
    return [
      `${subject}: all BGP sessions end when the stack metallb-crds takes frr-k8s' kinds away, and are there again when each node's speaker has restarted: deploy when that silence is bearable`,
      `${subject}: with the kinds go the FRRConfigurations that others than MetalLB have written`,
    ];
  }
  if (to !== "frr-k8s") {
    return [`${subject}: a node's BGP sessions end and begin anew when its speaker restarts`];
  }
  return [
    `${subject}: frr-k8s is deployed and waited for first; then a node's BGP sessions end when its speaker restarts, and frr-k8s opens them anew`,
    ...(from === "frr"
      ? [
          `${subject}: until its speaker has restarted a node has FRR twice, with one of them idle; BFD of the two uses the same ports, so that BFD sessions may break meanwhile`,
        ]
      : []),
    `${subject}: BGP's metrics are frr-k8s' own, frrk8s_bgp_… in place of metallb_bgp_…, by HTTPS on port 9141 to who may read them`,
    ...(hasWebhookOnNodes(metallb)
      ? [
          `${subject}: frr-k8s' webhook is on a node's own network: the API server has to reach port ${frrK8sWebhookPort}/tcp of every node where it may run`,
        ]
      : []),
  ];
}
