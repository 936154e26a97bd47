import { fault } from "../../faults";
import { byChart, helmWorkload } from "../helm-cluster";
import { type Objects, paths } from "../verify/healthy-cluster";
import { resourcePath } from "../verify/healthy-resources";
import {
  byManifest,
  checked,
  configMap,
  contentOf,
  deployed,
  excluded,
  init,
  kubeadm,
  node,
  resources,
  template,
  workloads,
} from "./clusters";

const object = (kind: string, name: string, spec: object, metadata: object = {}) => ({
  kind,
  metadata: { name, namespace: "metallb-system", ...metadata },
  spec,
});
const pool = (name: string, address: string, labels: object = {}) =>
  object("IPAddressPool", name, { addresses: [address] }, { labels });

/** A cluster with MetalLB and what people made of its kinds. */
const withResources = (version: string, ...all: ReturnType<typeof object>[]): Objects => ({
  ...kubeadm(),
  ...workloads(version),
  ...resources(all),
});
const withConfigMap = (version: string, text: string): Objects => ({
  ...kubeadm(),
  ...workloads(version),
  ...configMap(text),
});

const default240 = pool("default", "192.168.1.240-192.168.1.250");
const announced = object("L2Advertisement", "default", { ipAddressPools: ["default"] });

describe(`${fault(207)}: init of a cluster whose MetalLB cluster.yaml cannot wholly say`, () => {
  test("an announcement of several pools becomes one of each, and stays beside them", async () => {
    const file = await init(
      withResources(
        "0.15.2",
        default240,
        pool("edge", "192.168.1.230/31", { tier: "edge" }),
        pool("far", "192.168.1.232/31", { tier: "edge", site: "b" }),
        object("L2Advertisement", "all", { interfaces: ["eth0"] }),
        object("L2Advertisement", "edge", {
          ipAddressPoolSelectors: [
            { matchLabels: { tier: "edge" }, matchExpressions: [{ key: "site", operator: "DoesNotExist" }] },
            { matchExpressions: [{ key: "site", operator: "In", values: ["c"] }] },
          ],
        }),
        object("L2Advertisement", "gone", { ipAddressPools: ["gone"] }),
      ),
    );
    // No anchors: each pool has its own.
    expect(file.text).not.toMatch(/[-:] [&*]/);
    const eth0 = { nodeSelectors: [], interfaces: ["eth0"], preferredNodeSelectors: [], serviceSelectors: [] };
    const anywhere = { ...eth0, interfaces: [] };
    expect(contentOf(file).metallb.pools.map(({ name, l2Advertisements }) => [name, l2Advertisements])).toStrictEqual([
      ["default", [eth0]],
      ["edge", [eth0, anywhere]],
      ["far", [eth0]],
    ]);
    expect(file.notes).toStrictEqual([
      "metallb: L2Advertisement gone announces no pool that is there, and is left out.",
      "metallb: The first plan changes: L2Advertisement default is missing.",
      "metallb: The first plan changes: L2Advertisement edge has ipAddressPools not set, declared edge.",
      "metallb: The first plan changes: L2Advertisement edge has interfaces not set, declared eth0.",
      'metallb: The first plan changes: L2Advertisement edge has ipAddressPoolSelectors [{"matchLabels":{"tier":"edge"},"matchExpressions":[{"key":"site","operator":"DoesNotExist"}]},{"matchExpressions":[{"key":"site","operator":"In","values":["c"]}]}], declared not set.',
      "metallb: The first plan changes: L2Advertisement edge-2 is missing.",
      "metallb: The first plan changes: L2Advertisement far is missing.",
      "metallb: L2Advertisement all stays, though nobody declares it: the stacks name announcements after their pools. When they are deployed: kubectl -n metallb-system delete l2advertisements/all",
      "metallb: L2Advertisement gone stays, though nobody declares it: the stacks name announcements after their pools. When they are deployed: kubectl -n metallb-system delete l2advertisements/gone",
    ]);
    const comments = file.text.replace(/\n *#/g, "");
    for (const note of file.notes) expect(comments).toContain(note.replace("metallb: ", ""));
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("a router's password is named, and never shown", async () => {
    const spec = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, password: "hunter2", holdTime: "1m30s" };
    const file = await init(
      withResources(
        "0.15.2",
        default240,
        announced,
        object("BGPPeer", "tor", { ...spec, passwordSecret: {}, bfdProfile: "", peerPort: 179, disableMP: true }),
        object("BGPPeer", "spine", { ...spec, password: undefined, passwordSecret: { name: "of-spine" } }),
      ),
    );
    const { peers } = contentOf(file).metallb;
    expect(peers.map(({ name, passwordSecret }) => [name, passwordSecret])).toStrictEqual([
      ["tor", undefined],
      ["spine", "of-spine"],
    ]);
    expect(file.notes.slice(0, 2)).toStrictEqual([
      "metallb: BGPPeer tor has disableMP, which cluster.yaml has no key for. To keep it, put the object as it is into a file of metallb.resources, and take it out below.",
      "metallb: BGPPeer tor has password, which cluster.yaml has no key for. Put the password into a Secret of MetalLB's namespace, and name it by passwordSecret.",
    ]);
    expect(file.notes).toContain(
      "metallb: The first plan changes: BGPPeer tor has password, which is not shown, and is not as declared.",
    );
    expect(file.text + file.notes.join()).not.toContain("hunter2");
  });

  test("so is that of MetalLB 0.9, and any other key of its text", async () => {
    const file = await init(
      withConfigMap(
        "0.9.6",
        `peers:
- {peer-address: 10.0.0.1, peer-asn: 64501, my-asn: 64500, password: hunter2}
address-pools:
- {name: default, protocol: bgp, addresses: [203.0.113.0/24], unknown: 1}
`,
      ),
    );
    expect(file.notes).toStrictEqual([
      "metallb: The pool default has unknown, which cluster.yaml has no key for: the first plan takes it away.",
      "metallb: The peer 10.0.0.1 has password, which cluster.yaml has no key for: the first plan takes it away. From MetalLB 0.13 on a password is in a Secret of metallb-system, which passwordSecret names.",
    ]);
    expect(file.text + file.notes.join()).not.toContain("hunter2");
    expect(checked(file).problems).toStrictEqual([]);
  });

  test.each([
    [
      [],
      "BGP is done by frr-k8s, whose own images and settings are not read: write metallb.images and metallb.frrk8s by hand, or the first plan makes them upstream's.",
    ],
    [
      [{ name: "FRRK8S_NAMESPACE", value: "routing" }],
      "BGP is done by the frr-k8s in the namespace routing; the stacks do not use that one, and make another in MetalLB's.",
    ],
  ])("frr-k8s is taken over, and what is not read of it is said: %j", async (more, note) => {
    const env = [{ name: "METALLB_BGP_TYPE", value: "frr-k8s" }, ...more];
    const speaker = template("speaker", "quay.io/metallb/speaker:v0.16.2", {}, { env });
    const router = object("BGPPeer", "tor", {
      peerAddress: "10.0.0.1",
      peerASN: 64501,
      myASN: 64500,
      ebgpMultiHop: true,
    });
    const file = await init({
      ...withResources("0.16.2", default240, announced, router),
      ...workloads("0.16.2", { speaker }),
    });
    expect(contentOf(file).metallb.bgpType).toBe("frr-k8s");
    expect(file.notes).toStrictEqual([`metallb: ${note}`]);
    expect(checked(file).problems).toStrictEqual([]);
  });

  test("an AddressPool of 0.13 is named", async () => {
    const file = await init({
      ...withResources("0.13.12", default240, announced),
      [resourcePath("addresspools")]: { items: [object("AddressPool", "old", {})] },
    });
    expect(file.notes).toStrictEqual([
      "metallb: AddressPool old is of a kind that MetalLB from 0.14 on does not know, and is left out: add it to pools.",
    ]);
  });

  test("a community that means two things", async () => {
    const communities = (value: string) => ({ communities: [{ name: "own", value }] });
    const file = await init(
      withResources(
        "0.15.2",
        default240,
        announced,
        object("Community", "a", communities("64500:1")),
        object("Community", "b", communities("64500:2")),
      ),
    );
    expect(contentOf(file).metallb.bgpCommunities).toStrictEqual({ own: "64500:1" });
    const leftover = (name: string) =>
      `metallb: Community ${name} stays, though nobody declares it: the stacks write all names of communities into cluster-communities. When they are deployed: kubectl -n metallb-system delete communities/${name}`;
    expect(file.notes).toStrictEqual([
      "metallb: Community b has own 64500:2, which is 64500:1 in another: left out.",
      "metallb: The first plan changes: Community cluster-communities is missing.",
      leftover("a"),
      leftover("b"),
    ]);
  });

  test.each([
    ["0.14.3", "1.35.4", "0.14.9", `${unknown("0.14.3")}${orStay("0.14.3")}`],
    [
      "0.16.99",
      "1.35.4",
      "0.16.2",
      `MetalLB 0.16.99 runs, which is newer than the stacks know: this is the newest of theirs, and older. Do not deploy it over the one that runs.${orStay("0.16.99")}`,
    ],
    ["0.9.3", "1.18.20", "0.9.6", unknown("0.9.3")],
    ["0.10.2", "1.18.20", "0.11.0", unknown("0.10.2")],
    ["0.12.0", "1.35.4", "0.12.1", unknown("0.12.0")],
    [
      "0.17.0",
      "1.35.4",
      "0.16.2",
      "MetalLB 0.17.0 runs, which is newer than the stacks know: this is the newest of theirs, and older. Do not deploy it over the one that runs.",
    ],
    [
      "main",
      "1.35.4",
      "0.16.2",
      "The image of MetalLB's controller has the tag main, which tells no version: this is the newest one of the stacks.",
    ],
  ])("MetalLB %s on Kubernetes %s is declared as %s", async (running, kubernetes, version, note) => {
    const pools = /^0\.(9|1[0-2])\./.test(running)
      ? withConfigMap(running, "address-pools:\n- {name: default, protocol: layer2, addresses: [192.168.1.240/29]}\n")
      : withResources(running, default240, announced);
    const image = (component: string) => `quay.io/metallb/${component}:${running === "main" ? "" : "v"}${running}`;
    const file = await init({
      ...pools,
      ...workloads(running, {
        controller: template("controller", image("controller")),
        speaker: template("speaker", image("speaker")),
      }),
      "/version": { gitVersion: `v${kubernetes}` },
    });
    expect(contentOf(file).metallb.version).toBe(version);
    expect(file.notes[0]).toBe(`metallb: ${note}`);
    expect(checked(file).problems.filter((text) => text.includes(": error:"))).toStrictEqual([]);
  });

  test(`${fault(256)}: the ConfigMap of 0.12 with FRR goes to custom resources`, async () => {
    const env = [{ name: "METALLB_BGP_TYPE", value: "frr" }];
    const speaker = template("speaker", "quay.io/metallb/speaker:v0.12.1", {}, { env });
    const file = await init({
      ...withConfigMap(
        "0.12.1",
        `peers:
- {peer-address: 10.0.0.1, peer-asn: 64501, my-asn: 64500, source-address: 10.0.0.9, ebgp-multihop: yes, bfd-profile: fast}
bfd-profiles:
- {name: fast, receive-interval: 100, echo-mode: no}
address-pools:
- {name: default, protocol: layer2, addresses: [192.168.1.240-192.168.1.250], auto-assign: off}
- name: public
  protocol: bgp
  addresses: [203.0.113.0/24]
  bgp-advertisements: [{aggregation-length: 32, aggregation-length-v6: 64, localpref: 7}]
`,
      ),
      ...workloads("0.12.1", { speaker }),
    });
    expect(checked(file).problems.filter((text) => text.includes(": error:"))).toStrictEqual([]);
    expect(file.notes).toStrictEqual([
      "metallb: MetalLB 0.12.1 runs, which the stacks do not know with bgpType: frr: this is the newest patch of the next one that they do. npx baremetal-lb upgrade says what the move brings.",
    ]);
    expect(file.text.slice(file.text.indexOf("  version: 0.13.12"), file.text.indexOf("\n# Where")))
      .toBe(`  version: 0.13.12
  bgpType: frr
  pools:
    - name: default
      protocol: layer2
      addresses: [192.168.1.240-192.168.1.250]
      autoAssign: false
    - name: public
      protocol: bgp
      addresses: [203.0.113.0/24]
      bgpAdvertisements:
        - aggregationLengthV6: 64
          localPref: 7
  peers:
    - peerAddress: 10.0.0.1
      peerASN: 64501
      myASN: 64500
      sourceAddress: 10.0.0.9
      bfdProfile: fast
      ebgpMultiHop: true
  bfdProfiles:
    - name: fast
      receiveInterval: 100
`);
  });

  test(`${fault(209)}: MetalLB 0.9 takes a plain word for text where text is meant, and so is it written`, async () => {
    const file = await init(
      withConfigMap(
        "0.9.6",
        `bgp-communities: {no: 64500:30, 0123: 64500:0123}
peers:
- peer-address: 10.0.0.1
  peer-asn: 0x10
  peer-port: 179
  hold-time: 90s
  my-asn: 64_500
  node-selectors: [{match-labels: {rack: 0123, edge: no}}]
address-pools:
- {name: 0123, protocol: bgp, addresses: [203.0.113.0/24], bgp-advertisements: [{communities: [no]}]}
- {name: no, protocol: layer2, addresses: [192.168.1.240/29], auto-assign: no}
- {name: 1.10, protocol: layer2, addresses: [192.168.1.230/32], auto-assign: "yes"}
`,
      ),
    );
    expect(file.notes).toStrictEqual([]);
    const { pools, peers, bgpCommunities } = contentOf(file).metallb;
    expect(pools.map(({ name, autoAssign }) => [name, autoAssign])).toStrictEqual([
      ["0123", true],
      ["no", false],
      ["1.10", true],
    ]);
    expect(pools[0]?.bgpAdvertisements[0]?.communities).toStrictEqual(["no"]);
    expect(peers.map(({ peerASN, myASN, nodeSelectors }) => [peerASN, myASN, nodeSelectors])).toStrictEqual([
      [16, 64500, [{ matchLabels: { rack: "0123", edge: "no" } }]],
    ]);
    expect(bgpCommunities).toStrictEqual({ no: "64500:30", "0123": "64500:0123" });
  });

  test(`${fault(75)}: timers in other notations of Go's are written in whole seconds, to which MetalLB rounds them`, async () => {
    const peers = ["1.5m", "90000ms", "1m30.9s", "90s", "1m30s", "4.1m"].map(
      (time, index) => `- {peer-address: 10.0.0.${index + 1}, peer-asn: 64501, my-asn: 64500, hold-time: ${time}}\n`,
    );
    const file = await init(
      withConfigMap(
        "0.9.6",
        `peers:\n${peers.join("")}address-pools:\n- {name: a, protocol: bgp, addresses: [203.0.113.0/24]}\n`,
      ),
    );
    expect(contentOf(file).metallb.peers.map(({ holdTime }) => holdTime)).toStrictEqual([
      ...Array<string>(3).fill("1m30s"),
      undefined,
      "1m30s",
      // 245.99999999999997 s where fractions are added up as they come.
      "4m6s",
    ]);
    const timers = { holdTime: "1m30.5s", connectTime: "1500ms" };
    const spec = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, ...timers };
    const peer = {
      apiVersion: "metallb.io/v1beta2",
      kind: "BGPPeer",
      metadata: { name: "r", namespace: "metallb-system" },
      spec,
    };
    const newer = await init(withResources("0.15.2", pool("default", "192.168.1.240/29"), announced, peer));
    expect(newer.text).toContain("      holdTime: 1m30s\n      connectTime: 1s\n");
  });

  test("a ConfigMap that is no YAML: its pools are not made up", async () => {
    const file = await init(withConfigMap("0.9.6", "address-pools: [\n"));
    expect(file.notes).toStrictEqual([
      "metallb: ConfigMap metallb-system/config is not the YAML that MetalLB reads, so its pools are not known: write them, or mend it and run init again.",
    ]);
    expect(checked(file).problems.map((text) => text.split(": given")[0])).toStrictEqual([
      "cluster.yaml:39:1: error: metallb.pools",
    ]);
  });

  test(`${fault(210)}: no ConfigMap at all: a pool is proposed, and nothing else is changed`, async () => {
    const labels = { "node-role.kubernetes.io/control-plane": "", ...excluded };
    const file = await init({
      ...kubeadm(),
      ...workloads("0.15.2"),
      [paths.nodes]: { items: [node("alone", ["192.168.1.10"], { labels })] },
    });
    const { pools, ignoreExcludeLB } = contentOf(file).metallb;
    expect({ pools: pools.map(({ name }) => name), ignoreExcludeLB }).toStrictEqual({
      pools: ["default"],
      ignoreExcludeLB: false,
    });
    expect(file.notes[0]).toMatch(/^metallb: PROPOSED, look at it: 192\.168\.1\.240-192\.168\.1\.250\. /);
  });

  test("a pool whose network has bits behind its prefix is the whole network, as MetalLB takes it", async () => {
    const file = await init(withResources("0.15.2", pool("default", "192.168.1.246/29"), announced));
    expect(contentOf(file).metallb.pools[0]?.addresses.map(({ text }) => text)).toStrictEqual(["192.168.1.240/29"]);
    expect(file.notes).toStrictEqual([
      "metallb: The first plan changes: IPAddressPool default has addresses 192.168.1.246/29, declared 192.168.1.240/29.",
    ]);
  });

  test("the API server's own address in a pool", async () => {
    const context = { path: "~/k", context: "admin", clusterName: "c", server: "https://192.168.1.245" };
    const file = await init(withResources("0.15.2", default240, announced), { context });
    expect(contentOf(file).reservedAddresses).toBe(undefined);
    expect(file.notes).toStrictEqual(["metallb: A pool holds the API server's own address, 192.168.1.245."]);
  });

  test("two MetalLBs side by side", async () => {
    const file = await init({
      ...withResources("0.15.2", default240, announced),
      ...byChart("deployments", helmWorkload("controller")),
    });
    expect(contentOf(file).metallb.version).toBe("0.15.2");
    expect(file.notes).toHaveLength(1);
    expect(file.notes[0]).toMatch(
      /^metallb: Another MetalLB is in this cluster: Deployment lb\/lb-metallb-controller \(Helm release lb\)\. /,
    );
  });

  test("speakers without a controller are taken for no MetalLB", async () => {
    const none = { [byManifest("deployments")]: undefined, [paths.controller]: undefined };
    const file = await init({ ...kubeadm(), ...workloads("0.15.2"), ...none });
    expect(file.found).toStrictEqual(["Kubernetes 1.35.4, 3 nodes", "no MetalLB"]);
    expect(file.notes[0]).toBe(
      "metallb: Of a MetalLB only DaemonSet metallb-system/speaker is there, without a controller: it is taken for none.",
    );
  });

  test("settings of pods that the schema does not take are named, and left out", async () => {
    const resources = { limits: { memory: "1e3" } };
    const controller = template("controller", "quay.io/metallb/controller:v0.15.2", {}, { resources });
    const file = await init({
      ...withResources("0.15.2", default240, announced),
      ...workloads("0.15.2", { controller }),
    });
    expect(file.notes).toStrictEqual([
      "metallb: resources of the controller's pods cannot be said here as it is: write metallb.controller.resources by hand, or the first plan changes it.",
    ]);
    expect(checked(file).problems).toStrictEqual([]);
  });

  test.each([
    ["0.13.7", undefined],
    ["0.13.12", undefined],
    ["0.14.8", undefined],
    ["0.14.9", "0s"],
    ["0.15.2", "0s"],
  ])("a hold time of 0s is what MetalLB %s takes it for: %s", async (version, holdTime) => {
    const spec = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, holdTime: "0s", keepaliveTime: "0s" };
    const file = await init(withResources(version, default240, announced, object("BGPPeer", "tor", spec)));
    expect(contentOf(file).metallb.peers.map((peer) => [peer.holdTime, peer.keepaliveTime])).toStrictEqual([
      [holdTime, undefined],
    ]);
  });

  test("images of another registry, and tags without the v", async () => {
    const of = (component: "controller" | "speaker") =>
      template(component, `docker.io/example/metallb-${component}:0.15.2-debian-12`);
    const file = await init({
      ...withResources("0.15.2", default240, announced),
      ...workloads("0.15.2", { controller: of("controller"), speaker: of("speaker") }),
    });
    expect(contentOf(file).metallb.images).toStrictEqual({
      controller: { repository: "docker.io/example/metallb-controller" },
      speaker: { repository: "docker.io/example/metallb-speaker" },
    });
    const note = (component: string) =>
      `metallb: The ${component}'s image has the tag 0.15.2-debian-12; here a tag begins with v0.15.2, and so it is declared.`;
    expect(file.notes).toStrictEqual([note("controller"), note("speaker")]);
  });

  test.each([
    [0, undefined, []],
    [20, 20, []],
    [
      7200,
      undefined,
      [
        "metallb: minReadySeconds of the speaker's pods cannot be said here as it is: write metallb.speaker.minReadySeconds by hand, or the first plan changes it.",
      ],
    ],
  ])("speakers whose DaemonSet has minReadySeconds: %s", async (minReadySeconds, declared, notes) => {
    const running = withResources("0.15.2", default240, announced);
    const daemonSet = running[paths.speaker] as { readonly spec: object };
    const file = await init({
      ...running,
      [paths.speaker]: { ...daemonSet, spec: { minReadySeconds, ...daemonSet.spec } },
    });
    expect(contentOf(file).metallb.speaker.minReadySeconds).toBe(declared);
    expect(file.notes).toStrictEqual(notes);
  });

  test("MetalLB of the stacks themselves can be adopted, and needs nothing else", async () => {
    const file = await init(
      deployed({ version: "0.15.2", pools: [{ name: "p", addresses: ["192.168.1.240/29"] }] }).objects,
    );
    expect({ notes: file.notes, canAdopt: file.canAdopt }).toStrictEqual({ notes: [], canAdopt: true });
  });
});

function unknown(version: string): string {
  return `MetalLB ${version} runs, which the stacks do not know: this is the newest patch of the next one that they do. npx baremetal-lb upgrade says what the move brings.`;
}

function orStay(version: string): string {
  return ` To stay with ${version}, write it here: npx baremetal-lb manifest then tells the manifestSHA256 that it needs.`;
}
