import type { V1Node } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { stringify } from "yaml";
import { isMapping } from "../../cluster/schema-tree";
import { distributions } from "../../stacks/kube-proxy/cluster-kinds";
import { UserError } from "../../values/user-error";
import { isSince } from "../../values/versions";
import type { NodeDescription } from "../nodes/node-description";
import type { FoundCluster } from "./init";
import type { LiveCluster } from "./live-cluster";
import type { FoundMetallb } from "./metallb";
import { newVersion } from "./metallb-version";
import { controlPlaneLabel } from "./nodes";
import { given, type Note, type Written } from "./note";

/** A node that was logged in to, and what it tells. */
export interface DescribedNode extends NodeDescription {
  /** The address that it was reached by. */
  readonly address: string;
}

/** A cluster, and what is to be said of how it was found. */
type NotedCluster = FoundCluster & { readonly notes: readonly Note[] };

/**
 * A cluster by what some of its nodes tell, where nobody can be asked but them.
 * @param why says why the Kubernetes API was not asked.
 * @throws UserError where one is no node of Kubernetes.
 */
export function clusterOfNodes(nodes: readonly DescribedNode[], why: string): NotedCluster {
  const strangers = nodes.filter(({ kubelet }) => kubelet.version === undefined);
  if (strangers.length > 0) {
    const found = strangers.map(({ name, address }) => `${address} (${name})`).join(", ");
    throw new UserError(
      `${found} has no kubelet, k3s or k0s that tells a version; expected a node of a Kubernetes cluster: name its nodes with --from-nodes`,
    );
  }
  const live = liveCluster(nodes);
  return {
    live,
    metallb: metallbOf(nodes, live.version),
    notes: [notAsked(why), ...modeNotes(nodes)],
  };
}

function liveCluster(nodes: readonly DescribedNode[]): LiveCluster {
  const [first] = nodes;
  const server = nodes.find(({ kubelet }) => kubelet.server !== undefined)?.kubelet.server;
  const settings = proxyOf(nodes)?.settings;
  const told = <T>(of: (node: DescribedNode) => T | undefined) => nodes.map(of).find((one) => one !== undefined);
  const clusterCIDR = settings?.["clustercidr"];
  return {
    version: versionOf(nodes),
    nodes: nodes.map(asNode),
    services: [],
    kind: { kubeletVersion: first?.kubelet.version ?? "", labels: {} },
    networks: {
      pods: [
        {
          text: told(({ controllerManager }) => controllerManager["cluster-cidr"]),
          source: "kube-controller-manager's --cluster-cidr",
        },
        { text: typeof clusterCIDR === "string" ? clusterCIDR : undefined, source: "kube-proxy's clusterCIDR" },
      ],
      services: [
        {
          text: told(({ apiServer }) => apiServer["service-cluster-ip-range"]),
          source: "kube-apiserver's --service-cluster-ip-range",
        },
      ],
      apiService: [],
      ofNodes: [],
    },
    kubeProxyText: proxyText(nodes),
    hasKubeProxy: proxyOf(nodes) !== undefined,
    controlPlaneEndpoint: server?.replace(/^https?:\/\//, ""),
    deployedBefore: false,
    unread: [],
  };
}

/** The API server's version, or else the newest kubelet's, which is never newer. */
function versionOf(nodes: readonly DescribedNode[]): string {
  const numbers = (texts: readonly (string | undefined)[]) =>
    texts.flatMap((text) => /^v(1\.\d+\.\d+)/.exec(text ?? "")?.[1] ?? []);
  const newest = (versions: readonly string[]) =>
    versions.reduce<string | undefined>((a, b) => (a !== undefined && isSince(a, b) ? a : b), undefined);
  const version =
    newest(numbers(nodes.map(({ apiServer }) => apiServer.version))) ??
    newest(numbers(nodes.map(({ kubelet }) => kubelet.version)));
  if (version !== undefined) return version;
  throw new UserError(
    `${nodes.map(({ name, kubelet }) => `${name} has kubelet ${kubelet.version}`).join(", ")}; expected a version such as v1.35.4`,
  );
}

/** As the API has a node. */
const asNode = ({ name, address, isControlPlane, kubelet }: DescribedNode): V1Node => ({
  metadata: { name, labels: isControlPlane ? { [controlPlaneLabel]: "" } : {} },
  status: {
    addresses: [{ type: "InternalIP", address }],
    conditions: [{ type: "Ready", status: "True" }],
    nodeInfo: { kubeletVersion: kubelet.version } as NonNullable<V1Node["status"]>["nodeInfo"],
  },
});

/** kubeadm's kube-proxy, of the first node that has one; that of a distribution is set by no ConfigMap. */
function proxyOf(nodes: readonly DescribedNode[]): DescribedNode["proxy"] | undefined {
  const isOfDistribution = ({ kubelet }: DescribedNode) =>
    distributions.some((name) => kubelet.version?.includes(`+${name}`));
  return nodes.find((node) => node.proxy.runs && !isOfDistribution(node))?.proxy;
}

/** What is in force, as the ConfigMap would have it. */
function proxyText(nodes: readonly DescribedNode[]): string | undefined {
  const proxy = proxyOf(nodes);
  if (proxy === undefined) return undefined;
  const ipvs = isMapping(proxy.settings?.["ipvs"]) ? proxy.settings["ipvs"] : {};
  const { strictarp: strictARP, scheduler, excludecidrs: excludeCIDRs } = ipvs;
  const { tcptimeout: tcpTimeout, tcpfintimeout: tcpFinTimeout, udptimeout: udpTimeout } = ipvs;
  return stringify({
    mode: proxy.mode ?? "",
    ipvs: given({ strictARP, scheduler, excludeCIDRs, tcpTimeout, tcpFinTimeout, udpTimeout }),
  });
}

function modeNotes(nodes: readonly DescribedNode[]): Note[] {
  if (proxyOf(nodes) === undefined) return [];
  const running = nodes.filter(({ proxy }) => proxy.runs);
  const silent = running.filter(({ proxy }) => proxy.mode === undefined).map(({ name }) => name);
  const modes = running.flatMap(({ name, proxy }) => (proxy.mode === undefined ? [] : [`${proxy.mode} on ${name}`]));
  const path = ["kubeProxy"];
  return [
    ...(silent.length === 0
      ? []
      : [
          {
            path,
            text: `kube-proxy on ${silent.join(", ")} tells its mode neither at port 10249 nor in its log: look at it.`,
          },
        ]),
    ...(new Set(running.flatMap(({ proxy }) => proxy.mode ?? [])).size < 2
      ? []
      : [{ path, text: `kube-proxy's mode is not the same everywhere: ${modes.join(", ")}.` }]),
  ];
}

function metallbOf(nodes: readonly DescribedNode[], version: string): Written<FoundMetallb> {
  const speakers = nodes.filter(({ hasSpeaker }) => hasSpeaker).map(({ name }) => name);
  const names = nodes.map(({ name }) => name).join(", ");
  const text =
    speakers.length > 0
      ? `A speaker of MetalLB runs on ${speakers.join(", ")}, and no node tells its version and its pools: write them as they are, or run init with a kubeconfig. The version below is the newest that was proven in the lab.`
      : `No speaker of MetalLB runs on ${names}, so it is taken for absent: the newest version that was proven in the lab, of those that run here.`;
  return {
    value: { value: { version: newVersion(version) }, poolsAreKnown: speakers.length === 0 },
    notes: [{ path: ["metallb", "version"], text }],
  };
}

const notAsked = (why: string): Note => ({
  path: ["kubernetes"],
  text: `The Kubernetes API was not asked, since ${why}. So nodes that were not named, the addresses of Services, and what MetalLB has are not known here, and the version and the names are what the nodes say of themselves: compare them with kubectl get nodes, or run init with a kubeconfig.`,
});
