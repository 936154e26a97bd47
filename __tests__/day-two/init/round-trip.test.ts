import { parse } from "yaml";
import type { ClusterConfig } from "../../../cluster/schema";
import { configText } from "../../../stacks/metallb/pools/config-text";
import { customResources } from "../../../stacks/metallb/pools/custom-resources";
import { MetallbStack } from "../../../stacks/metallb/metallb-stack";
import { type MetallbVersion, usesCustomResources } from "../../../stacks/metallb/release/releases";
import { cluster } from "../../cluster-fixture";
import { fault } from "../../faults";
import { affinity } from "../../stacks/metallb/affinity";
import { toManifests } from "../../stacks/metallb/constructs/to-manifest";
import { upstreamManifest } from "../../stacks/metallb/upstream-manifest";
import { type JsonObject, synthesisedOnce } from "../../synthesised";
import { type Objects, paths } from "../verify/healthy-cluster";
import {
  byManifest,
  checked,
  configMap,
  contentOf,
  init,
  ipvs,
  kubeadm,
  ofHelm,
  proxyConfig,
  resources,
} from "./clusters";

// What a cluster.yaml deploys, seen as objects of the API, gives by init a cluster.yaml that deploys the same.

const layer2 = { name: "default", addresses: ["192.168.1.240-192.168.1.250"] };
const bgp = { name: "public", protocol: "bgp", addresses: ["203.0.113.0/24"] };
const peer = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 };
const rackA = { matchLabels: { rack: "a" } };
const notRackB = { matchExpressions: [{ key: "rack", operator: "NotIn", values: ["b", "no"] }] };

/** Sections `metallb`, by what is special about them, with the versions that can say it. */
const sections: readonly (readonly [name: string, versions: readonly MetallbVersion[], section: object])[] = [
  [
    "one pool",
    ["0.9.5", "0.9.6", "0.11.0", "0.12.1", "0.13.12", "0.14.9", "0.15.2", "0.15.3", "0.16.2"],
    { pools: [layer2] },
  ],
  [
    "layer2 and BGP",
    ["0.9.6", "0.12.1", "0.13.12", "0.15.2", "0.16.2"],
    {
      pools: [
        { ...layer2, autoAssign: false, avoidBuggyIPs: true },
        {
          ...bgp,
          bgpAdvertisements: [
            { aggregationLength: 32, localPref: 100, communities: ["no-advertise", "64500:30"] },
            { aggregationLength: 24, localPref: 100 },
          ],
        },
      ],
      peers: [
        { ...peer, peerPort: 1179, holdTime: "30s", routerID: "10.0.0.9", nodeSelectors: [rackA, notRackB] },
        { peerAddress: "10.0.0.2", peerASN: 4200000000, myASN: 64500 },
      ],
      bgpCommunities: { "no-advertise": "65535:65282" },
    },
  ],
  [
    "names that are no text to YAML",
    ["0.9.6", "0.12.1"],
    {
      pools: ["0123", "no", "1.10", "1:30", "~", "2026-11-24"].map((name, at) => ({
        name,
        addresses: [`10.9.${at}.8/30`],
      })),
    },
  ],
  [
    "what came between 0.9 and 0.12",
    ["0.12.1", "0.15.2"],
    {
      pools: [{ ...bgp, bgpAdvertisements: [{ aggregationLengthV6: 64 }] }],
      peers: [{ ...peer, sourceAddress: "10.0.0.9", ebgpMultiHop: true }],
      controller: { logLevel: "warn" },
      speaker: { logLevel: "all" },
    },
  ],
  [
    "who may use a pool, and who announces it",
    ["0.13.12", "0.15.2", "0.16.2"],
    {
      pools: [
        {
          ...layer2,
          serviceAllocation: {
            priority: 10,
            namespaces: ["shop"],
            namespaceSelectors: [rackA],
            serviceSelectors: [notRackB],
          },
          l2Advertisements: [{ nodeSelectors: [rackA, notRackB], interfaces: ["eth0", "eth1"] }, {}],
        },
        { name: "1.10", addresses: ["10.9.0.0/30"], l2Advertisements: [{}], bgpAdvertisements: [{ localPref: 0 }] },
        { name: "elsewhere", protocol: "none", addresses: ["10.9.1.0/30"] },
        { ...bgp, bgpAdvertisements: [{ aggregationLengthV6: 64, peers: ["spine"], nodeSelectors: [rackA] }] },
      ],
      peers: [
        { ...peer, name: "spine", passwordSecret: "spine-password", sourceAddress: "10.0.0.9", ebgpMultiHop: true },
      ],
    },
  ],
  [
    "FRR",
    ["0.15.2", "0.16.2"],
    {
      bgpType: "frr",
      pools: [bgp],
      peers: [
        {
          ...peer,
          name: "a",
          keepaliveTime: "10s",
          holdTime: "1m30s",
          connectTime: "2m",
          vrf: "red",
          bfdProfile: "fast",
        },
        { name: "b", interface: "net0.5", dynamicASN: "external", myASN: 64500, enableGracefulRestart: true },
        {
          name: "c",
          peerAddress: "10.0.0.3",
          holdTime: "0s",
          dynamicASN: "internal",
          myASN: 64500,
          dualStackAddressFamily: true,
        },
      ],
      bfdProfiles: [
        {
          name: "fast",
          receiveInterval: 100,
          transmitInterval: 100,
          detectMultiplier: 5,
          echoInterval: 50,
          minimumTtl: 10,
        },
        { name: "slow", echoMode: true, passiveMode: true },
      ],
      bgpCommunities: { big: "large:64500:3:4" },
    },
  ],
  [
    "what came with 0.16",
    ["0.16.2"],
    {
      bgpType: "frr",
      pools: [
        {
          ...layer2,
          l2Advertisements: [
            { preferredNodeSelectors: [{ weight: 10, preference: rackA }], serviceSelectors: [notRackB] },
          ],
        },
        { ...bgp, bgpAdvertisements: [{ serviceSelectors: [rackA] }] },
      ],
      peers: [{ ...peer, localASN: 64999 }],
    },
  ],
  [
    "images of a mirror, pinned",
    ["0.9.6", "0.12.1", "0.15.2"],
    {
      pools: [layer2],
      imageRegistry: "mirror.example.org:5000/cache/metallb",
      images: {
        speaker: { repository: "mirror.example.org/lb/speak" },
        controller: { tag: "VERSION-hardened", digest: `sha256:${"0".repeat(64)}` },
      },
    },
  ],
  [
    "FRR of a mirror",
    ["0.15.2"],
    {
      bgpType: "frr",
      imageRegistry: "mirror.example.org/metallb",
      frrImageRegistry: "mirror.example.org/other",
      pools: [bgp],
      peers: [{ ...peer, name: "a" }],
    },
  ],
  [
    "pods of one's own",
    ["0.9.6", "0.12.1", "0.13.12", "0.15.2", "0.16.2"],
    {
      pools: [layer2],
      imagePullSecrets: ["registry-internal"],
      controller: { resources: { requests: { cpu: "50m" }, limits: { memory: "128Mi" } }, podLabels: { on: "yes" } },
      speaker: {
        tolerateControlPlane: false,
        tolerations: [{ key: "dedicated", operator: "Equal", value: "0123", effect: "NoSchedule" }],
        nodeSelector: { "kubernetes.io/arch": "amd64", edge: "true" },
        priorityClassName: "system-node-critical",
        runtimeClassName: "kata",
        minReadySeconds: 20,
        podAnnotations: { "example.org/owner": "no" },
        affinity,
      },
    },
  ],
  ["no limits", ["0.9.6"], { pools: [layer2], controller: { resources: {} }, speaker: { resources: {} } }],
  [
    "arguments of the programs",
    ["0.14.5", "0.15.2"],
    {
      pools: [layer2],
      loadBalancerClass: "example.org/metallb",
      ignoreExcludeLB: true,
      controller: { logLevel: "warn" },
      speaker: { logLevel: "debug" },
    },
  ],
];

const cases = sections.flatMap(([name, versions, section]) =>
  versions.map((version): [name: string, version: MetallbVersion, section: object] => {
    const text = JSON.stringify({ version, ...section }).replaceAll("VERSION", `v${version}`);
    return [name, version, JSON.parse(text) as object];
  }),
);

/** The two workloads that the stack metallb writes. */
function workloadsOf(config: ClusterConfig): JsonObject[] {
  const { version, bgpType } = config.metallb;
  const manifest = usesCustomResources(version) ? upstreamManifest(version, bgpType) : undefined;
  const { resource } = synthesisedOnce(MetallbStack, "metallb", { ...config, manifest });
  return toManifests(resource).filter(({ kind }) => kind === "Deployment" || kind === "DaemonSet");
}

/** What says which addresses there are and who announces them, in no order. */
const configurationOf = ({ metallb }: ClusterConfig): unknown =>
  usesCustomResources(metallb.version)
    ? [...customResources(metallb)].sort((a, b) =>
        `${a.kind} ${a.metadata.name}`.localeCompare(`${b.kind} ${b.metadata.name}`),
      )
    : (parse(configText(metallb), { version: "1.1", schema: "failsafe" }) as unknown);

/** The cluster that a section `metallb` and these workloads were deployed to. */
function deployed({ metallb }: ClusterConfig, workloads: readonly JsonObject[]): Objects {
  const [controller, speaker] = ["Deployment", "DaemonSet"].map((kind) =>
    workloads.find((one) => one["kind"] === kind),
  );
  return {
    ...kubeadm(),
    [paths.kubeProxyConfig]: proxyConfig(ipvs),
    [byManifest("deployments")]: { items: [controller] },
    [byManifest("daemonsets")]: { items: [speaker] },
    [paths.controller]: controller,
    [paths.speaker]: speaker,
    ...(usesCustomResources(metallb.version)
      ? // An API lists them by their names.
        resources([...customResources(metallb)].sort((a, b) => a.metadata.name.localeCompare(b.metadata.name)))
      : configMap(configText(metallb))),
  };
}

const declared = (metallb: object) =>
  cluster({
    kubernetes: { version: "1.35.4", kubeconfig: "~/.kube/config", context: "admin" },
    nodes: [
      { name: "master1", address: "192.168.1.10", role: "control-plane" },
      { name: "worker1", address: "192.168.1.21" },
      { name: "worker2", address: "192.168.1.22" },
    ],
    metallb,
  });

describe(`${fault(206)}: what a cluster.yaml deploys, init finds again`, () => {
  test.each(cases)("%s, MetalLB %s", async (_name, _version, section) => {
    const before = declared(section);
    const workloads = workloadsOf(before);
    const file = await init(deployed(before, workloads));
    const after = contentOf(file);
    expect(after.metallb.version).toBe(before.metallb.version);
    expect(configurationOf(after)).toStrictEqual(configurationOf(before));
    expect(workloadsOf(after)).toStrictEqual(workloads);
    expect(after.kubeProxy).toStrictEqual(before.kubeProxy);
    const isOfNone = (note: string) => note.endsWith("protocol none, unless that was forgotten.");
    expect(file.notes.filter((note) => !isOfNone(note))).toStrictEqual([]);
    expect(checked(file).problems.filter((text) => text.includes("error"))).toStrictEqual([]);
  });

  test.each([["0.9.6"], ["0.15.2"]] as const)("of a Helm release, MetalLB %s", async (version) => {
    const before = declared({ version, pools: [layer2, bgp], peers: [peer] });
    const workloads = workloadsOf(before);
    const file = await init(ofHelm(deployed(before, workloads)));
    const after = contentOf(file);
    expect(configurationOf(after)).toStrictEqual(configurationOf(before));
    expect(workloadsOf(after)).toStrictEqual(workloads);
    expect(file.canAdopt).toBe(false);
    expect(file.found).toStrictEqual([
      "Kubernetes 1.35.4, 3 nodes",
      `MetalLB ${version}, the Helm release lb, 2 pools`,
    ]);
    expect(file.notes).toHaveLength(1);
    expect(file.notes[0]).toMatch(
      /^metallb: MetalLB is the Helm release lb \(Deployment lb\/lb-metallb-controller\), and looked at as it is\. .*To move to these stacks/,
    );
  });
});
