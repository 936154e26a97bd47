import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { features } from "../../../../stacks/metallb/release/features";
import {
  type BgpType,
  bgpTypesIn,
  type MetallbVersion,
  metallbVersions,
  newestPatch,
} from "../../../../stacks/metallb/release/releases";
import { isOlder, isSince } from "../../../../values/versions";
import { fault } from "../../../faults";
import { bgpPool, peer, pool, problemsOf } from "./newer-metallb";
import { edited, problemsIn } from "../../../cluster/sample";

const rackA = { matchLabels: { rack: "a" } };
const frr = { version: "0.16.2", bgpType: "frr" };

/** Removes the warning of FRR's deprecation, which has a test of its own. */
const errorsOf = (metallb: object) =>
  problemsOf(metallb).filter((text) => !text.startsWith("warning: metallb.bgpType"));

describe("MetalLB 0.13 and later", () => {
  it("takes IPv4 and IPv6 pools, announcements, peers and profiles, with every key of 0.16", () => {
    expect(
      errorsOf({
        ...frr,
        manifest: "manifests/metallb.yaml",
        pools: [
          {
            ...pool,
            addresses: ["192.168.1.240-192.168.1.250", "2001:db8:5::/120"],
            serviceAllocation: { priority: 10, namespaces: ["shop"], namespaceSelectors: [rackA] },
            l2Advertisements: [
              {
                nodeSelectors: [rackA],
                interfaces: ["eth0"],
                preferredNodeSelectors: [{ weight: 10, preference: rackA }],
                serviceSelectors: [rackA],
              },
            ],
          },
          {
            ...bgpPool,
            addresses: ["203.0.113.0/24", "2001:db8:6::/64"],
            bgpAdvertisements: [
              {
                aggregationLength: 24,
                aggregationLengthV6: 64,
                communities: ["large:64500:1:2", "big"],
                peers: ["192-168-1-1", "spine"],
                nodeSelectors: [rackA],
              },
              { serviceSelectors: [rackA] },
            ],
          },
        ],
        peers: [
          { ...peer, localASN: 64999, nodeSelectors: [rackA], passwordSecret: "router", ebgpMultiHop: true },
          {
            ...peer,
            name: "spine",
            vrf: "red",
            sourceAddress: "192.168.1.9",
            keepaliveTime: "30s",
            connectTime: "60s",
            enableGracefulRestart: true,
            dualStackAddressFamily: true,
            bfdProfile: "fast",
          },
        ],
        bfdProfiles: [{ name: "fast", receiveInterval: 100 }],
        bgpCommunities: { big: "large:64500:3:4" },
      }),
    ).toStrictEqual([]);
  });

  it("layer2 pools of both families work with every version", () => {
    const pools = [{ ...pool, addresses: ["192.168.1.240-192.168.1.250", "2001:db8:5::/120"] }];
    expect(metallbVersions.flatMap((version) => problemsOf({ version, pools }))).toStrictEqual([]);
  });
});

describe("docs/pools.md", () => {
  it("has examples without a mistake", () => {
    const text = readFileSync(join(__dirname, "../../../../docs/pools.md"), "utf8");
    const examples = [...text.matchAll(/^```yaml\n(.*?)^```/gms)].map(([, yaml]) => parse(yaml ?? "") as Example);
    expect(examples.map(({ metallb }) => metallb.version)).toStrictEqual([
      "0.9.6",
      "0.16.2",
      "0.15.3",
      "0.15.3",
      "0.15.3",
      "0.15.3",
    ]);
    expect(examples.flatMap(({ metallb }) => problemsOf(metallb))).toStrictEqual([]);
  });
});

interface Example {
  readonly metallb: { readonly version: string };
}

describe("Keys that the chosen MetalLB cannot express", () => {
  const advertisement = (more: object) => ({ pools: [{ ...bgpPool, bgpAdvertisements: [more] }], peers: [peer] });
  const announcement = (more: object) => ({ pools: [{ ...pool, l2Advertisements: [more] }] });
  const router = (more: object) => ({ pools: [bgpPool], peers: [{ ...peer, ...more }] });

  /** Each key of the table with a section that has it, in the order of the table. */
  const cases: [key: string, metallb: object][] = [
    ["controller.logLevel", { controller: { logLevel: "debug" } }],
    ["speaker.logLevel", { speaker: { logLevel: "debug" } }],
    ["peers[].sourceAddress", router({ sourceAddress: "192.168.1.9" })],
    ["pools[].bgpAdvertisements[].aggregationLengthV6", advertisement({ aggregationLengthV6: 128 })],
    ["peers[].ebgpMultiHop", router({ ebgpMultiHop: true })],
    ["manifest", { manifest: "metallb.yaml" }],
    ["manifestSHA256", { manifestSHA256: "0".repeat(64) }],
    ["loadBalancerClass", { loadBalancerClass: "example.org/metallb" }],
    ["resources", { resources: ["own.yaml"] }],
    ["webhookFailurePolicy", { webhookFailurePolicy: "Ignore" }],
    ["monitoring", { monitoring: { rules: true } }],
    ["pools[].l2Advertisements", announcement({ interfaces: ["eth0"] })],
    ["pools[].bgpAdvertisements[].peers", advertisement({ peers: ["192-168-1-1"] })],
    ["pools[].bgpAdvertisements[].nodeSelectors", advertisement({ nodeSelectors: [rackA] })],
    ["peers[].name", router({ name: "spine" })],
    ["peers[].passwordSecret", router({ passwordSecret: "router" })],
    ["frrImageRegistry", { frrImageRegistry: "registry.internal/frrouting" }],
    ["images.frr", { images: { frr: { tag: "9.1.0" } } }],
    ["bfdProfiles", { bfdProfiles: [{ name: "fast" }] }],
    ["peers[].keepaliveTime", router({ keepaliveTime: "30s" })],
    ["peers[].bfdProfile", router({ bfdProfile: "fast" })],
    ["pools[].serviceAllocation", { pools: [{ ...pool, serviceAllocation: { priority: 1 } }] }],
    ["peers[].vrf", router({ vrf: "red" })],
    ["speaker.excludeInterfaces", { speaker: { excludeInterfaces: ["^lo$"] } }],
    ["frrk8s", { frrk8s: { logLevel: "debug" } }],
    ["images.frrk8s", { images: { frrk8s: { tag: "v0.0.27" } } }],
    ["images.kubeRbacProxy", { images: { kubeRbacProxy: { tag: "v0.13.1" } } }],
    ["ignoreExcludeLB", { ignoreExcludeLB: true }],
    ["peers[].connectTime", router({ connectTime: "60s" })],
    ["peers[].enableGracefulRestart", router({ enableGracefulRestart: true })],
    ["peers[].dynamicASN", router({ peerASN: undefined, dynamicASN: "external" })],
    ["peers[].interface", router({ peerAddress: undefined, interface: "net0" })],
    ["peers[].dualStackAddressFamily", router({ dualStackAddressFamily: true })],
    ["pools[].l2Advertisements[].serviceSelectors", announcement({ serviceSelectors: [rackA] })],
    ["pools[].bgpAdvertisements[].serviceSelectors", advertisement({ serviceSelectors: [rackA] })],
    ["peers[].localASN", router({ localASN: 64999 })],
    ["speaker.gratuitousARPIntervalSeconds", { speaker: { gratuitousARPIntervalSeconds: 60 } }],
    [
      "pools[].l2Advertisements[].preferredNodeSelectors",
      announcement({ preferredNodeSelectors: [{ weight: 1, preference: rackA }] }),
    ],
    ["pools[].bgpAdvertisements[].asPathPrepend", advertisement({ asPathPrepend: 2 })],
  ];

  const featureOf = (key: string) => features.find((one) => one.key === key);
  /** The ways to do BGP that a key needs, and that a version has. */
  const typesIn = (version: MetallbVersion, key: string) =>
    (featureOf(key)?.bgpTypes ?? []).filter((type) => bgpTypesIn(version).includes(type));
  const refused = (key: string, version: MetallbVersion, bgpType: BgpType) =>
    featureOf(key)?.bgpTypes?.includes(bgpType) === false && isSince(version, featureOf(key)?.since ?? "0.9.5");

  it("have each a case here", () => {
    expect(cases.map(([key]) => key)).toStrictEqual(features.map(({ key }) => key));
  });

  it.each(cases)(`${fault(14)}: %s is refused by the version before the first that can express it`, (key, metallb) => {
    // given
    const since = featureOf(key)?.since ?? "0.9.5";
    const version = metallbVersions.findLast((one) => isOlder(one, since));
    const needed = typesIn(newestPatch(since), key);
    const type = needed.length > 0 && !needed.includes("native");

    // when
    const found = problemsOf({ version, ...metallb });

    // then
    const name = key.replace(/^.*\./, "");
    expect(found).toContain(
      `${key.replaceAll("[]", "[0]")}: given ${name} with version: ${version}; ` +
        `expected MetalLB ${since} or newer${type ? ` with bgpType: ${needed.join(" or ")}` : ""}, the first that can express it; ` +
        `remove the key, or set metallb.version: ${newestPatch(since)}${type ? ` and metallb.bgpType: ${needed[0]}` : ""}`,
    );
  });

  it.each(cases.filter(([key]) => refused(key, "0.15.3", "native")))(
    `${fault(14)}: %s is refused without FRR`,
    (key, metallb) => {
      const name = key.replace(/^.*\./, "");
      const needed = typesIn("0.15.3", key);
      expect(problemsOf({ version: "0.15.3", ...metallb })).toContain(
        `${key.replaceAll("[]", "[0]")}: given ${name} with bgpType: native; ` +
          `expected bgpType: ${needed.join(" or ")}: MetalLB's own BGP cannot do it; remove the key, or set metallb.bgpType: ${needed[0]}`,
      );
    },
  );

  it.each(cases.filter(([key]) => refused(key, "0.16.2", "frr-k8s")))(
    `${fault(248)}: %s is refused with frr-k8s, which is not told of it`,
    (key, metallb) => {
      const name = key.replace(/^.*\./, "");
      const needed = typesIn("0.16.2", key);
      expect(problemsOf({ version: "0.16.2", bgpType: "frr-k8s", ...metallb })).toContain(
        `${key.replaceAll("[]", "[0]")}: given ${name} with bgpType: frr-k8s; ` +
          `expected bgpType: ${needed.join(" or ")}: MetalLB does not hand it on to frr-k8s, and says nothing of it; remove the key, or set metallb.bgpType: ${needed[0]}`,
      );
    },
  );

  it(`${fault(248)}: what only frr-k8s can do is refused with frr, and what it learnt later is refused before`, () => {
    expect(errorsOf({ version: "0.16.2", bgpType: "frr", ...advertisement({ asPathPrepend: 2 }) })).toStrictEqual([
      "pools[0].bgpAdvertisements[0].asPathPrepend: given asPathPrepend with bgpType: frr; expected bgpType: frr-k8s: only frr-k8s can do it; remove the key, or set metallb.bgpType: frr-k8s",
    ]);
    const graceful = router({ enableGracefulRestart: true });
    const images = { kubeRbacProxy: { repository: "registry.k8s.io/kubebuilder/kube-rbac-proxy" } };
    expect(problemsOf({ version: "0.14.8", bgpType: "frr", ...graceful })).toStrictEqual([]);
    expect(problemsOf({ version: "0.14.9", bgpType: "frr-k8s", images, ...graceful })).toStrictEqual([]);
    expect(problemsOf({ version: "0.14.8", bgpType: "frr-k8s", images, ...graceful })).toStrictEqual([
      "peers[0].enableGracefulRestart: given enableGracefulRestart with version: 0.14.8; expected MetalLB 0.14.9 or newer with bgpType: frr-k8s, the first that can express it; remove the key, or set metallb.version: 0.14.9",
    ]);
  });

  it(`${fault(248)}: what needs FRR is taken with frr-k8s, and compared as FRR's is`, () => {
    const frrK8s = { version: "0.16.2", bgpType: "frr-k8s" };
    const pools = [{ name: "public", protocol: "bgp", addresses: ["2001:db8:6::/64"] }];
    const peers = [{ peerAddress: "2001:db8::1", peerASN: 64501, myASN: 64500 }];
    expect(problemsOf({ ...frrK8s, pools, peers, bgpCommunities: { far: "large:1:2:3" } })).toStrictEqual([]);
    const another = { ...peers[0], peerAddress: "2001:db8::2", myASN: 64502 };
    expect(problemsOf({ ...frrK8s, pools, peers: [...peers, another] })).toStrictEqual([
      "peers[1].myASN: given 64502; expected the AS number of metallb.peers[0], 64500: with bgpType: frr-k8s every peer of a node and VRF has the same myASN; write the same myASN, or set another vrf, or nodeSelectors that have no node in common",
    ]);
  });

  it("a flag that is off asks for nothing", () => {
    const off = { ebgpMultiHop: false, enableGracefulRestart: false, dualStackAddressFamily: false };
    expect(problemsOf({ version: "0.9.6", ...router(off) })).toStrictEqual([]);
  });

  it(`${fault(14)}: what stands below a key that cannot be expressed is not reported too`, () => {
    expect(problemsOf({ version: "0.9.6", ...announcement({ serviceSelectors: [rackA] }) })).toStrictEqual([
      "pools[0].l2Advertisements: given l2Advertisements with version: 0.9.6; expected MetalLB 0.13.7 or newer, the first that can express it; remove the key, or set metallb.version: 0.13.12",
    ]);
  });

  it(`${fault(14)}: FRR is refused where MetalLB has none`, () => {
    expect(problemsOf({ version: "0.9.6", bgpType: "frr" })).toStrictEqual([
      "bgpType: given frr with version: 0.9.6; expected MetalLB 0.13.7 or newer, the first with FRR; remove the key, or set metallb.version: 0.13.12",
    ]);
  });

  it(`${fault(14)}: the FRR of 0.12, an experiment of upstream's, is refused`, () => {
    expect(problemsOf({ version: "0.12.1", bgpType: "frr" })).toStrictEqual([
      "bgpType: given frr with version: 0.12.1; expected MetalLB 0.13.7 or newer, the first with FRR; remove the key, or set metallb.version: 0.13.12",
    ]);
  });

  it.each(["0.9.6", "0.13.12"])(`${fault(14)}: frr-k8s is refused where MetalLB %s has none`, (version) => {
    expect(problemsOf({ version, bgpType: "frr-k8s" })).toStrictEqual([
      `bgpType: given frr-k8s with version: ${version}; expected MetalLB 0.14.0 or newer, the first with frr-k8s; remove the key, or set metallb.version: 0.14.9`,
    ]);
  });

  it(`${fault(14)}: FRR is a warning where it is deprecated`, () => {
    expect(problemsOf({ version: "0.15.3", bgpType: "frr" })).toStrictEqual([]);
    expect(problemsOf({ version: "0.16.2", bgpType: "frr" })).toStrictEqual([
      'warning: metallb.bgpType: given frr with version: 0.16.2; expected frr-k8s or native, or MetalLB older than 0.16.0: this mode works, but upstream will remove it in favour of frr-k8s; set metallb.bgpType: frr-k8s (docs/day-two.md, section "Another bgpType"), or native unless you need what only FRR has',
    ]);
  });

  it(`${fault(14)}: Kubernetes older than MetalLB needs is refused`, () => {
    expect(problemsIn(edited(["version: 0.9.5", "version: 0.13.12"]))).toStrictEqual([
      'cluster.yaml:3:12: error: kubernetes.version: given "1.18"; expected Kubernetes 1.19 or newer, which MetalLB 0.13.12 needs; upgrade the cluster to 1.19 first, or set metallb.version: 0.11.0',
    ]);
  });

  it(`${fault(14)}: IPv6 by BGP needs FRR`, () => {
    const pools = [{ ...bgpPool, addresses: ["2001:db8:6::/64"], bgpAdvertisements: [{ aggregationLengthV6: 64 }] }];
    expect(problemsOf({ version: "0.15.2", pools, peers: [peer] })).toStrictEqual([
      'pools[0].addresses[0]: given "2001:db8:6::/64" in the pool public; expected IPv4 addresses, or bgpType: frr or frr-k8s: MetalLB\'s own BGP cannot do it; move the range to a pool with protocol: layer2, or set metallb.bgpType: frr',
    ]);
    expect(problemsOf({ version: "0.14.9", bgpType: "frr", pools, peers: [peer] })).toStrictEqual([]);
  });

  it.each(["0.13.7", "0.13.12", "0.14.8"])(
    `${fault(14)}: %s without FRR takes no IPv6 pool beside a BGP pool`,
    (version) => {
      const metallb = { pools: [{ ...pool, addresses: ["2001:db8:5::/120"] }, bgpPool], peers: [peer] };
      expect(problemsOf({ version, ...metallb })).toStrictEqual([
        `pools[0].addresses[0]: given "2001:db8:5::/120" in the pool default; expected no IPv6 addresses in any pool: MetalLB ${version} refuses them beside a pool with protocol: bgp; set metallb.version: 0.14.9 or newer, or metallb.bgpType: frr`,
      ]);
      expect(problemsOf({ version, bgpType: "frr", ...metallb })).toStrictEqual([]);
      expect(problemsOf({ version: "0.14.9", ...metallb })).toStrictEqual([]);
    },
  );

  it(`${fault(14)}: large communities need FRR`, () => {
    const metallb = {
      ...advertisement({ communities: ["large:64500:1:2"] }),
      bgpCommunities: { big: "large:64500:3:4" },
    };
    const missing = (version: string, bgpType: string) =>
      problemsOf({ version, bgpType, ...metallb }).map((text) => text.replace(/^\S+ given \S+ /, ""));
    expect(missing("0.9.6", "native")).toStrictEqual(
      Array(2).fill(
        'expected two numbers from 0 to 65535, joined by a colon; for a large community MetalLB 0.13.7 or newer with bgpType: frr, the first that can express it; write it like "65535:65281", or set metallb.version: 0.13.12 and metallb.bgpType: frr',
      ),
    );
    expect(missing("0.15.3", "native")).toStrictEqual(
      Array(2).fill(
        'expected two numbers from 0 to 65535, joined by a colon; for a large community bgpType: frr or frr-k8s: MetalLB\'s own BGP cannot do it; write it like "65535:65281", or set metallb.bgpType: frr',
      ),
    );
    expect(missing("0.15.3", "frr")).toStrictEqual([]);
  });
});

describe("BGP with MetalLB 0.13 and later", () => {
  const withPeers = (...peers: object[]) => ({ ...frr, pools: [bgpPool], peers });
  const withAdvertisements = (...bgpAdvertisements: object[]) => ({
    version: "0.16.2",
    pools: [{ ...bgpPool, bgpAdvertisements }],
    peers: [peer, { ...peer, peerAddress: "192.168.1.2" }],
  });

  it.each([
    [
      "a name that two peers have",
      withPeers({ ...peer, name: "spine" }, { ...peer, name: "spine", peerAddress: "192.168.1.2" }),
      'peers[1].name: given "spine"; expected a name that no other peer has: metallb.peers[0] has it too; give one of the two another name',
    ],
    [
      "a keepalive time above the hold time",
      withPeers({ ...peer, holdTime: "30s", keepaliveTime: "31s" }),
      'peers[0].keepaliveTime: given "31s"; expected at most the hold time, 30s; write a third of the hold time, or remove the key for that default',
    ],
    [
      "a connect time of more than 65535 s",
      withPeers({ ...peer, connectTime: "19h" }),
      "peers[0].connectTime: given \"19h\"; expected a time from 1s to 65535s, as MetalLB's BGPPeer has it; write for example 60s, or remove the key for FRR's default",
    ],
    [
      "eBGP multi-hop within one AS",
      withPeers({ ...peer, peerASN: 64500, ebgpMultiHop: true }),
      "peers[0].ebgpMultiHop: given true with myASN and peerASN 64500; expected ebgpMultiHop only for a router of another AS: a session within one AS may have any number of hops; remove the key",
    ],
    [
      "a port above the CustomResourceDefinition's maximum",
      withPeers({ ...peer, peerPort: 16385 }),
      "peers[0].peerPort: given 16385; expected a port of at most 16384, as MetalLB's BGPPeer has it; let the router listen on such a port, 179 for example",
    ],
    [
      "a BFD profile that there is not",
      { ...withPeers({ ...peer, bfdProfile: "slow" }), bfdProfiles: [{ name: "fast" }] },
      'peers[0].bfdProfile: given "slow"; expected a name from metallb.bfdProfiles (fast); define the profile there, or remove the key',
    ],
    [
      "a name that two BFD profiles have",
      { ...withPeers(peer), bfdProfiles: [{ name: "fast" }, { name: "fast" }] },
      'bfdProfiles[1].name: given "fast"; expected a name that no other profile has: metallb.bfdProfiles[0] has it too; give one of the two another name',
    ],
    [
      "a BFD interval below FRR's bounds",
      { ...withPeers(peer), bfdProfiles: [{ name: "fast", receiveInterval: 9 }] },
      "bfdProfiles[0].receiveInterval: given 9; expected milliseconds: a whole number from 10 to 60000; write a number in that range, without quotes",
    ],
    [
      "echo packets beside IPv6 addresses",
      {
        ...frr,
        pools: [{ ...bgpPool, addresses: ["2001:db8:6::/64"], bgpAdvertisements: [{ aggregationLengthV6: 64 }] }],
        peers: [{ ...peer, bfdProfile: "fast", dualStackAddressFamily: true }],
        bfdProfiles: [{ name: "fast", echoMode: true }],
      },
      'bfdProfiles[0].echoMode: given true, for a peer that the pool public is announced to; expected no echo packets beside IPv6 addresses such as "2001:db8:6::/64": MetalLB refuses them; remove the key, or announce the pool to other peers',
    ],
    [
      "two router ids with FRR",
      withPeers({ ...peer, routerID: "10.0.0.1" }, { ...peer, peerAddress: "192.168.1.2" }),
      "peers[1].routerID: given nothing; expected the router id of metallb.peers[0], 10.0.0.1: with bgpType: frr every peer of a node has the same; write the same routerID for every peer, or for none, or nodeSelectors that have no node in common",
    ],
    [
      "one address twice in a VRF with FRR",
      withPeers(peer, { ...peer, peerPort: 1179 }),
      'peers[1].peerAddress: given "192.168.1.1"; expected an address that no other peer of the same VRF has on the same node: metallb.peers[0] has it too, which FRR does not do; remove one of the two, or set another vrf, or nodeSelectors that have no node in common',
    ],
    [
      "two AS numbers of one VRF with FRR",
      withPeers(peer, { ...peer, peerAddress: "192.168.1.2", myASN: 64502 }),
      "peers[1].myASN: given 64502; expected the AS number of metallb.peers[0], 64500: with bgpType: frr every peer of a node and VRF has the same myASN; write the same myASN, or set another vrf, or nodeSelectors that have no node in common; from MetalLB 0.16.2 on localASN shows a router another one",
    ],
    [
      "a peer in an announcement that there is not",
      withAdvertisements({ peers: ["192-168-1-2", "spine"] }),
      'pools[0].bgpAdvertisements[0].peers[1]: given "spine"; expected the name of a router in metallb.peers (192-168-1-1, 192-168-1-2); write one of those names, or give the router this name',
    ],
    [
      "a community twice",
      withAdvertisements({ communities: ["64500:1", "64500:1"] }),
      'pools[0].bgpAdvertisements[0].communities[1]: given "64500:1" a second time; expected each one once: MetalLB refuses a repetition; remove one of the two',
    ],
    [
      "two local preferences for the same routes",
      withAdvertisements({ localPref: 100 }, { peers: ["192-168-1-1"], localPref: 200 }),
      "pools[0].bgpAdvertisements[1].localPref: given 200; expected the local preference of number 1 of the list, 100, which announces the same routes to the same peers; write the same localPref, or another aggregation length or other peers",
    ],
    [
      "two lengths of the path for the same routes",
      { ...withAdvertisements({ asPathPrepend: 2 }, { peers: ["192-168-1-1"] }), bgpType: "frr-k8s" },
      "pools[0].bgpAdvertisements[1].asPathPrepend: given nothing; expected the asPathPrepend of number 1 of the list, 2, which announces the same routes to the same peers; write the same asPathPrepend, or another aggregation length or other peers",
    ],
    [
      "an aggregation where Services are selected",
      withAdvertisements({ aggregationLength: 24, serviceSelectors: [rackA] }),
      "pools[0].bgpAdvertisements[0].aggregationLength: given 24 with serviceSelectors; expected 32, each address for itself, where Services are selected; remove aggregationLength or serviceSelectors",
    ],
    [
      "an aggregation length below a network's own",
      withAdvertisements({ aggregationLength: 23 }),
      'pools[0].bgpAdvertisements[0].aggregationLength: given 23; expected at least 24: the largest network in "203.0.113.0/24" is a /24, and MetalLB announces none beyond a pool\'s own addresses; raise aggregationLength, or make the pool of whole networks of that length',
    ],
    [
      "a community of no form",
      withAdvertisements({ communities: ["large:1:2"] }),
      'pools[0].bgpAdvertisements[0].communities[0]: given "large:1:2"; expected two numbers from 0 to 65535, joined by a colon, or "large:" and three numbers from 0 to 4294967295, or a name from metallb.bgpCommunities (there is none); write it like "65535:65282", or define the name in metallb.bgpCommunities',
    ],
  ])(`${fault(15)}: %s is refused`, (_name, metallb, problem) => {
    expect(errorsOf(metallb)).toStrictEqual([problem]);
  });

  it("a range may be announced by its largest network, which versions before 0.12 refuse", () => {
    const pools = [
      {
        ...bgpPool,
        addresses: ["203.0.113.240-203.0.113.250"],
        bgpAdvertisements: [{ aggregationLength: 29 }],
      },
    ];
    for (const version of ["0.12.1", "0.15.2"]) {
      expect(problemsOf({ version, pools, peers: [peer] })).toStrictEqual([]);
    }
    for (const version of ["0.9.6", "0.11.0"]) {
      expect(problemsOf({ version, pools, peers: [peer] })).toHaveLength(1);
    }
  });

  it("peers of different VRFs may differ, and from 0.16 on those of selected nodes", () => {
    const other = { ...peer, myASN: 64502 };
    expect(errorsOf(withPeers(peer, { ...other, vrf: "red" }))).toStrictEqual([]);
    const [inA, inB] = [
      { ...peer, nodeSelectors: [rackA] },
      { ...other, nodeSelectors: [{ matchLabels: { rack: "b" } }] },
    ];
    expect(errorsOf(withPeers(inA, inB))).toStrictEqual([]);
    expect(problemsOf({ ...withPeers(inA, inB), version: "0.15.3" })).toHaveLength(1);
  });

  it("without FRR peers may differ in everything", () => {
    const peers = [peer, { ...peer, myASN: 64502, routerID: "10.0.0.1" }];
    expect(problemsOf({ version: "0.15.3", pools: [bgpPool], peers })).toStrictEqual([]);
  });

  it("two local preferences are right for other peers, other lengths, or selected nodes", () => {
    const first = { localPref: 100, peers: ["192-168-1-1"] };
    const others = [{ peers: ["192-168-1-2"] }, { aggregationLength: 24 }, { nodeSelectors: [rackA] }];
    expect(
      others.flatMap((other) => problemsOf(withAdvertisements(first, { localPref: 200, ...other }))),
    ).toStrictEqual([]);
    // Up to 0.14 both lengths have to be others, whatever is in the pool.
    for (const version of ["0.13.7", "0.13.12", "0.14.9"]) {
      expect(
        problemsOf({ ...withAdvertisements(first, { localPref: 200, aggregationLength: 24 }), version }),
      ).toHaveLength(1);
    }
  });
});

describe("Who may use a pool, and label selectors", () => {
  const allocated = (serviceAllocation: object) => ({ version: "0.16.2", pools: [{ ...pool, serviceAllocation }] });
  const selected = (...nodeSelectors: object[]) => ({
    version: "0.16.2",
    pools: [{ ...pool, l2Advertisements: [{ nodeSelectors }] }],
  });
  const expression = (...matchExpressions: object[]) => selected({ matchExpressions });
  const place = "pools[0].l2Advertisements[0].nodeSelectors";

  it.each([
    [
      "an allocation that says nothing",
      allocated({ namespaces: [] }),
      "pools[0].serviceAllocation: given nothing that selects; expected at least one of priority, namespaces, namespaceSelectors and serviceSelectors; remove serviceAllocation to let every Service use the pool",
    ],
    [
      "a namespace twice",
      allocated({ namespaces: ["a", "b", "a"] }),
      'pools[0].serviceAllocation.namespaces[2]: given "a" a second time; expected each one once: MetalLB refuses a repetition; remove one of the two',
    ],
    [
      "a label key that is none",
      allocated({ serviceSelectors: [{ matchLabels: { "a/b/c": "x" } }] }),
      `pools[0].serviceAllocation.serviceSelectors[0].matchLabels.a/b/c: given "a/b/c"; expected a label's key: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; write a key such as rack or topology.kubernetes.io/zone`,
    ],
    [
      "a label value that is none",
      selected({ matchLabels: { rack: "a b" } }),
      `${place}[0].matchLabels.rack: given "a b"; expected a label's value: at most 63 letters, digits, hyphens, underscores and dots, the first and the last a letter or digit; write it as text, in quotes where YAML would read something else: "true", "1"`,
    ],
    [
      "an operator that there is not",
      expression({ key: "rack", operator: "in", values: ["a"] }),
      `${place}[0].matchExpressions[0].operator: given "in"; expected one of In, NotIn, Exists, DoesNotExist; write one of them, with those capital letters`,
    ],
    [
      "In without values",
      expression({ key: "rack", operator: "In" }),
      `${place}[0].matchExpressions[0].operator: given In with no values; expected at least one value with In; add values, or write Exists`,
    ],
    [
      "Exists with values",
      expression({ key: "rack", operator: "Exists", values: ["a"] }),
      `${place}[0].matchExpressions[0].operator: given Exists with values; expected no values with Exists; remove values, or write In`,
    ],
    [
      "a value twice",
      expression({ key: "rack", operator: "In", values: ["a", "a"] }),
      `${place}[0].matchExpressions[0].values[1]: given the same value as number 1 of the list; expected each one once: MetalLB refuses a repetition; remove one of the two`,
    ],
    [
      "a requirement twice, its values in another order",
      expression({ key: "r", operator: "In", values: ["a", "b"] }, { key: "r", operator: "In", values: ["b", "a"] }),
      `${place}[0].matchExpressions[1]: given the same requirement as number 1 of the list; expected each one once: MetalLB refuses a repetition; remove one of the two`,
    ],
    [
      "a selector twice",
      selected({ matchLabels: { a: "x", b: "y" } }, { matchLabels: { b: "y", a: "x" } }),
      `${place}[1]: given the same label selector as number 1 of the list; expected each one once: MetalLB refuses a repetition; remove one of the two`,
    ],
    [
      "a preference with a key that is none",
      {
        version: "0.16.2",
        pools: [
          {
            ...pool,
            l2Advertisements: [
              {
                preferredNodeSelectors: [
                  { weight: 1, preference: { matchExpressions: [{ key: "-", operator: "Exists" }] } },
                ],
              },
            ],
          },
        ],
      },
      `pools[0].l2Advertisements[0].preferredNodeSelectors[0].preference.matchExpressions[0].key: given "-"; expected a label's key: at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one; write a key such as rack or topology.kubernetes.io/zone`,
    ],
    [
      "an interface name that Linux does not take",
      { version: "0.16.2", pools: [{ ...pool, l2Advertisements: [{ interfaces: ["eth0/1"] }] }] },
      'pools[0].l2Advertisements[0].interfaces[0]: given "eth0/1"; expected the name of a network interface: at most 15 characters, no slash, no colon and no space; write a name such as eth0',
    ],
    [
      "a manifest's path that is a folder",
      { version: "0.16.2", manifest: "manifests/" },
      'manifest: given "manifests/"; expected the path of a file: absolute, starting with ~/, or relative to the folder of cluster.yaml; write a path such as manifests/metallb.yaml, with no slash at the end',
    ],
  ])(`${fault(15)}: %s is refused`, (_name, metallb, problem) => {
    expect(problemsOf(metallb)).toStrictEqual([problem]);
  });
});
