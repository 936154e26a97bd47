import { memberlistKeyOf } from "../../stacks/metallb/release/running";
import type { BgpType } from "../../stacks/metallb/release/releases";
import { changesBetween, changesOfBgpType } from "../../day-two/upgrade/changes-between";
import { losingServices, olderAnnotations, silencedServices } from "../../day-two/upgrade/services";
import { ownInstallation } from "../../day-two/metallb/installation";
import { bgpTypeOf, runningVersion } from "../../day-two/metallb/running-version";
import { notCompared, silence } from "../../day-two/upgrade/upgrade";
import { subjectAt } from "../../day-two/upgrade/declared-subjects";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { service } from "./status-cluster";
import { UserError } from "../../values/user-error";

const metallb = (version: string, changes: object = {}) =>
  cluster({ metallb: { ...clusterInput.metallb, version, ...changes } }).metallb;
const releasesIn = (lines: readonly string[]) => lines.map((line) => /^(\d+\.\d+\.\d+): /.exec(line)?.[1] ?? line);

describe("what lies between two versions", () => {
  const keyWarning = (from: string, to: string, before: string, after: string) =>
    `speakers of ${from} and of ${to} do not count each other as members while the pods are replaced, since they make their key of ${before} and of ${after}: for that time two nodes may announce the same address`;

  const from011 = ["0.11.0", "0.11.0", "0.11.0", "0.12.0", "0.12.0"];
  const from013 = ["0.13.2", "0.13.2", "0.13.2"];
  const to01312 = ["0.13.9", "0.13.10", "0.13.10", "0.13.10"];

  it.each([
    ["0.9.5", "0.9.6", []],
    ["0.9.6", "0.12.1", ["0.10.0", ...from011]],
    ["0.10.3", "0.12.1", from011],
    ["0.12.1", "0.13.12", [...from013, ...to01312]],
    ["0.9.6", "0.13.12", ["0.10.0", ...from011, ...from013, ...to01312]],
    [
      "0.12.1",
      "0.14.9",
      [
        ...from013,
        ...to01312,
        "0.14.2",
        "0.14.2",
        "0.14.2",
        "0.14.2",
        keyWarning("0.12.1", "0.14.9", "16 bytes of the secret", "32 bytes of the secret"),
      ],
    ],
    ["0.14.2", "0.14.9", []],
    [
      "0.13.12",
      "0.15.2",
      [
        "0.14.2",
        "0.14.2",
        "0.14.2",
        "0.14.2",
        "0.15.0",
        keyWarning("0.13.12", "0.15.2", "16 bytes of the secret", "32 bytes of the secret"),
      ],
    ],
    ["0.14.9", "0.15.0", ["0.15.0", "0.15.0"]],
    ["0.14.9", "0.15.2", ["0.15.0"]],
    ["0.15.2", "0.15.3", []],
    ["0.15.3", "0.16.2", ["0.16.0", keyWarning("0.15.3", "0.16.2", "32 bytes of the secret", "the secret's SHA-256")]],
    ["0.16.2", "0.15.3", [keyWarning("0.16.2", "0.15.3", "the secret's SHA-256", "32 bytes of the secret")]],
  ])("from %s to %s", (from, to, expected) => {
    expect(releasesIn(changesBetween(from, metallb(to)))).toStrictEqual(expected);
  });

  it("is not all told of a version that is not in the table of releases", () => {
    expect(notCompared({ version: "0.16.2" })).toStrictEqual([]);
    expect(notCompared({ version: "0.14.3" })).toStrictEqual([
      "0.14.3 is declared by metallb.manifestSHA256, and none of the versions that the stacks know: its objects were compared with nothing, and what came with it is not told here",
    ]);
  });

  it("is no concern of those whom it does not touch", () => {
    const mirrored = metallb("0.13.12", { imageRegistry: "registry.internal/metallb" });
    const withoutQuay = [...from011, ...from013, ...to01312];
    expect(releasesIn(changesBetween("0.9.6", mirrored))).toStrictEqual(withoutQuay);
    const controller = { repository: "registry.internal/lb" };
    const both = metallb("0.13.12", { images: { controller, speaker: controller } });
    expect(releasesIn(changesBetween("0.9.6", both))).toStrictEqual(withoutQuay);
    expect(releasesIn(changesBetween("0.9.6", metallb("0.13.12", { images: { controller } })))).toStrictEqual([
      "0.10.0",
      ...withoutQuay,
    ]);
    expect(releasesIn(changesBetween("0.15.3", metallb("0.16.2", { bgpType: "frr" }))).slice(0, 2)).toStrictEqual([
      "0.16.0",
      "0.16.0",
    ]);
  });

  const routed = (version: string, changes: object = {}) =>
    metallb(version, {
      bgpType: "frr",
      pools: [{ name: "routed", protocol: "bgp", addresses: ["203.0.113.0/24"] }],
      peers: [{ peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }],
      ...changes,
    });
  const linesOf = (from: string, declared: ReturnType<typeof metallb>, word: string) =>
    changesBetween(from, declared).filter((line) => line.includes(word));

  it("counts a pool of both protocols among those of each", () => {
    const both = [{ name: "p", protocol: "layer2", addresses: ["192.168.1.240/32"], bgpAdvertisements: [{}] }];
    const lines = (word: string, from: string) => linesOf(from, routed("0.14.9", { pools: both }), word).length;
    expect([lines("is cordoned", "0.14.2"), lines("look virtual", "0.13.2")]).toStrictEqual([1, 1]);
  });

  it(`${fault(122)}: tells what becomes of Services of a class, by the declared one`, () => {
    const source = ": MetalLB gives it no address and announces none (metallb#1417)";
    expect(linesOf("0.9.6", metallb("0.15.2"), "metallb#1417")).toStrictEqual([
      `0.13.2: a Service with a loadBalancerClass is another program's${source}`,
    ]);
    const declared = metallb("0.15.2", { loadBalancerClass: "example.org/lb" });
    expect(linesOf("0.9.6", declared, "metallb#1417")).toStrictEqual([
      `0.13.2: a Service without the loadBalancerClass of cluster.yaml is another program's${source}`,
    ]);
  });

  it(`${fault(76)}: names nodes that are excluded from load balancers, with its source`, () => {
    const line =
      "0.14.2: nodes with the label node.kubernetes.io/exclude-from-external-load-balancers announce nothing; kubeadm puts it on control-plane nodes: set metallb.ignoreExcludeLB: true where they are to announce (metallb#2073)";
    expect(linesOf("0.13.12", metallb("0.15.2"), "exclude-from")).toStrictEqual([line]);
    expect(linesOf("0.14.9", metallb("0.15.2"), "exclude-from")).toStrictEqual([]);
    expect(linesOf("0.13.12", metallb("0.15.2", { ignoreExcludeLB: true }), "exclude-from")).toStrictEqual([]);
  });

  it(`${fault(76)}: is silent of what a later release took back`, () => {
    expect(linesOf("0.13.12", metallb("0.16.2"), "address of a node")).toStrictEqual([]);
    expect(linesOf("0.13.12", routed("0.14.9"), "cordoned")).toHaveLength(1);
    expect(linesOf("0.13.12", routed("0.15.2"), "cordoned")).toStrictEqual([]);
  });

  it(`${fault(76)}: names what FRR does otherwise, where a peer leaves it to FRR`, () => {
    const line =
      "0.14.9: a peer without holdTime and keepaliveTime has FRR's own timers, not 90 s and 30 s (metallb#2537)";
    const timed = [{ peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500, holdTime: "90s" }];
    expect(linesOf("0.13.12", routed("0.15.2"), "timers")).toStrictEqual([line]);
    expect(linesOf("0.13.12", routed("0.15.2", { peers: timed }), "timers")).toStrictEqual([]);
    expect(linesOf("0.13.12", routed("0.15.2", { bgpType: "native" }), "timers")).toStrictEqual([]);
  });
});

describe("another bgpType", () => {
  const subjects = (from: BgpType, to: BgpType, version = "0.16.2") =>
    changesOfBgpType(from, metallb(version, { bgpType: to }));

  it(`${fault(249)}: tells what ends and begins, and what has to be reached`, () => {
    expect(subjects("frr-k8s", "frr-k8s")).toStrictEqual([]);
    expect(subjects("native", "frr")).toStrictEqual([
      "bgpType native to frr: a node's BGP sessions end and begin anew when its speaker restarts",
    ]);
    expect(subjects("frr", "frr-k8s")).toHaveLength(4);
    expect(subjects("frr", "frr-k8s")[1]).toBe(
      "bgpType frr to frr-k8s: until its speaker has restarted a node has FRR twice, with one of them idle; BFD of the two uses the same ports, so that BFD sessions may break meanwhile",
    );
    expect(subjects("native", "frr-k8s", "0.14.9").join()).not.toContain("19443");
  });

  it(`${fault(255)}: back from frr-k8s, tells that sessions end and what is lost`, () => {
    expect(subjects("frr-k8s", "native")).toStrictEqual([
      "bgpType frr-k8s to native: all BGP sessions end when the stack metallb-crds takes frr-k8s' kinds away, and are there again when each node's speaker has restarted: deploy when that silence is bearable",
      "bgpType frr-k8s to native: with the kinds go the FRRConfigurations that others than MetalLB have written",
    ]);
  });

  it.each([
    [undefined, "native"],
    [{ env: [{ name: "METALLB_BGP_TYPE", value: "frr-k8s" }] }, "frr-k8s"],
    [{ env: [{ name: "METALLB_BGP_TYPE", value: "frr" }] }, "frr"],
    [{ env: [{ name: "METALLB_BGP_TYPE", value: "another" }] }, "native"],
  ])("of a speaker is that of its environment: %j", (container, bgpType) => {
    expect(bgpTypeOf(container && { spec: { containers: [{ name: "speaker", ...container }] } })).toBe(bgpType);
  });

  it("ends sessions with frr-k8s, not with the speakers, where frr-k8s has them", () => {
    const [first] = clusterInput.metallb.pools;
    const bgp = {
      pools: [{ ...first, protocol: "bgp" }],
      peers: [{ peerAddress: "192.168.1.1", peerASN: 1, myASN: 2 }],
    };
    expect(silence(metallb("0.16.2", { bgpType: "frr-k8s", ...bgp })).slice(1)).toStrictEqual([
      "a node's BGP sessions end when its frr-k8s does: routers take its routes back until it is there again",
    ]);
  });
});

test.each([
  ["0.9.6", "16 bytes of the secret"],
  ["0.14.1", "16 bytes of the secret"],
  ["0.14.2", "32 bytes of the secret"],
  ["0.16.1", "32 bytes of the secret"],
  ["0.16.2", "the secret's SHA-256"],
])("the memberlist's key of %s is %s", (version, key) => {
  expect(memberlistKeyOf(version)).toBe(key);
});

describe("the version that runs", () => {
  const withImage = (...containers: object[]) => ({
    get: () => Promise.resolve({ spec: { template: { spec: { containers } } } }),
  });
  it.each([
    [[{ name: "controller", image: "quay.io/metallb/controller:v0.15.2" }], "0.15.2"],
    [[{ image: "registry:5000/metallb/controller:v0.9.6@sha256:abc" }], "0.9.6"],
    [[{ image: "registry:5000/metallb/controller:v0.15.2-hardened.1" }], "0.15.2"],
    [[{ image: "registry:5000/metallb/controller:main" }], "main"],
    [
      [
        { name: "proxy", image: "proxy:v1" },
        { name: "controller", image: "controller:v0.13.12" },
      ],
      "0.13.12",
    ],
  ])("is the tag of the controller's image: %j", async (containers, version) => {
    expect((await runningVersion(withImage(...containers), ownInstallation))?.version).toBe(version);
  });
  it(`${fault(141)}: is that of its chart's label where the image has a digest alone, and not guessed without`, async () => {
    const spec = {
      template: { spec: { containers: [{ name: "controller", image: "mirror.example.org/lb@sha256:abc" }] } },
    };
    const labelled = (labels: object) => ({ get: () => Promise.resolve({ metadata: { labels }, spec }) });
    const version = runningVersion(labelled({ "app.kubernetes.io/version": "v0.15.2" }), ownInstallation);
    expect(await version).toStrictEqual({ image: "mirror.example.org/lb@sha256:abc", version: "0.15.2" });
    await expect(runningVersion(labelled({}), ownInstallation)).rejects.toThrow(
      new UserError(
        "the version of MetalLB cannot be told: Deployment metallb-system/controller has the image mirror.example.org/lb@sha256:abc, with a digest and no tag. Name its version: kubectl -n metallb-system label deployment/controller app.kubernetes.io/version=<version>",
      ),
    );
  });
  it("is none where there is no controller", async () => {
    expect(await runningVersion({ get: () => Promise.resolve(undefined) }, ownInstallation)).toBeUndefined();
  });
});

describe("Services", () => {
  const annotated = (name: string, annotations: Record<string, string>, address = "192.168.1.240") => {
    const one = service(name, address);
    return { ...one, metadata: { ...one.metadata, annotations } };
  };
  const services = [
    annotated("web", {
      "metallb.universe.tf/allow-shared-ip": "a",
      "metallb.universe.tf/address-pool": "default",
      "metallb.universe.tf/ip-allocated-from-pool": "default",
      "metallb.io/loadBalancerIPs": "192.168.1.240",
    }),
    annotated("plain", { other: "x" }),
    annotated("inner", { "metallb.universe.tf/address-pool": "default" }),
  ];
  (services[2] as { spec: { type: string } }).spec.type = "ClusterIP";

  it("with the user's annotations of the older prefix are named, from the version on that has the newer one", () => {
    expect(olderAnnotations(services, { version: "0.14.9" })).toStrictEqual([
      {
        service: "default/web",
        annotations: ["metallb.universe.tf/address-pool", "metallb.universe.tf/allow-shared-ip"],
      },
    ]);
    expect(olderAnnotations(services, { version: "0.13.12" })).toStrictEqual([]);
  });

  it("lose an address that no pool holds, or another pool than they ask for; the newer annotation counts", () => {
    const pools = metallb("0.15.2", {
      pools: [
        { name: "default", addresses: ["192.168.1.240-192.168.1.250"] },
        { name: "buggy", addresses: ["10.0.0.0/24"], avoidBuggyIPs: true },
      ],
    });
    const found = [
      annotated("kept", { "metallb.io/address-pool": "default", "metallb.universe.tf/address-pool": "buggy" }),
      annotated("moved", { "metallb.universe.tf/address-pool": "buggy" }),
      annotated("outside", {}, "192.168.1.251"),
      annotated("zero", {}, "10.0.0.0"),
      annotated("waits", {}, undefined),
    ];
    const { status, ...waiting } = found[4] as { status: object };
    expect(status).toBeDefined();
    expect(losingServices([...found.slice(0, 4), waiting], pools)).toStrictEqual([
      {
        service: "default/moved",
        address: "192.168.1.240",
        why: "it is of the pool default, and the Service asks for the pool buggy",
      },
      { service: "default/outside", address: "192.168.1.251", why: "no pool of cluster.yaml holds it" },
      { service: "default/zero", address: "10.0.0.0", why: "no pool of cluster.yaml holds it" },
    ]);
  });
});

describe("Services that MetalLB does not look after", () => {
  const ofAnother = { ...service("ts-app", "100.101.102.103") };
  const withClass = { ...ofAnother, spec: { ...ofAnother.spec, loadBalancerClass: "tailscale" } };

  it(`${fault(86)}: lose nothing; with 0.9, which knows no class, they do`, () => {
    expect(losingServices([withClass], metallb("0.15.2"))).toStrictEqual([]);
    expect(losingServices([withClass], metallb("0.9.6")).map(({ service: name }) => name)).toStrictEqual([
      "default/ts-app",
    ]);
    expect(losingServices([ofAnother], metallb("0.15.2")).map(({ service: name }) => name)).toStrictEqual([
      "default/ts-app",
    ]);
  });

  it(`${fault(87)}: an address of a node is said to be another load balancer's`, () => {
    const nodes = [{ name: "node1", address: "192.168.1.10" }];
    expect(losingServices([service("web", "192.168.1.10")], metallb("0.15.2"), nodes)).toStrictEqual([
      {
        service: "default/web",
        address: "192.168.1.10",
        why: "it is node node1's own address, which another load balancer gives, such as k3s' ServiceLB: switch the other load balancer off (k3s: 'disable: [servicelb]' in /etc/rancher/k3s/config.yaml on every server, then restart k3s); MetalLB then gives the Service an address of a pool",
      },
    ]);
  });
});

describe(`${fault(122)}: Services that another loadBalancerClass would leave to nobody`, () => {
  const ofClass = (name: string, address: string, loadBalancerClass?: string) => {
    const one = service(name, address);
    return { ...one, spec: { ...one.spec, ...(loadBalancerClass && { loadBalancerClass }) } };
  };
  const services = [
    ofClass("web", "192.168.1.240"),
    ofClass("shop", "192.168.1.241", "example.org/lb"),
    ofClass("old", "192.168.1.242", "old"),
    ofClass("ts-app", "100.101.102.103", "tailscale"),
    ofClass("traefik", "192.168.1.10"),
    ofClass("named", "lb.example.org"),
  ];
  const silenced = (declared: string | undefined, version: string, loadBalancerClass?: string) =>
    silencedServices(services, metallb("0.15.2", { loadBalancerClass: declared }), { version, loadBalancerClass }, [
      { name: "node1", address: "192.168.1.10" },
    ]);

  it("are named with their class and the declared one", () => {
    expect(silenced("example.org/lb", "0.15.2")).toStrictEqual([
      {
        service: "default/web",
        address: "192.168.1.240",
        why: "it is a Service without a loadBalancerClass, declared are those of the loadBalancerClass example.org/lb: nobody would announce it",
      },
    ]);
    expect(silenced(undefined, "0.14.9", "old")).toStrictEqual([
      {
        service: "default/old",
        address: "192.168.1.242",
        why: "it is a Service of the loadBalancerClass old, declared are those without a loadBalancerClass: nobody would announce it",
      },
    ]);
  });

  it("are none where the class stays, and all of the pools' addresses where MetalLB knows none", () => {
    const names = (...given: Parameters<typeof silenced>) => silenced(...given).map(({ service: name }) => name);
    expect([names("old", "0.15.2", "old"), names(undefined, "0.13.12")]).toStrictEqual([[], []]);
    expect(names(undefined, "0.9.6")).toStrictEqual(["default/shop", "default/old"]);
    expect(names("old", "0.9.6")).toStrictEqual(["default/web", "default/shop"]);
  });
});

test.each([
  ["layer2", { protocol: "layer2" }, false],
  ["bgp", { protocol: "bgp" }, true],
  ["both", { protocol: "layer2", bgpAdvertisements: [{}] }, true],
  ["none", { protocol: "none" }, false],
])("sessions end with the speakers of a pool that BGP announces: %s", (_, pool, ends) => {
  const [first] = clusterInput.metallb.pools;
  const peers = [{ peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }];
  const said = silence(metallb("0.15.2", { pools: [{ ...first, ...pool }], peers }));
  expect(said.slice(1)).toStrictEqual(
    ends
      ? ["a node's BGP sessions end when its speaker does: routers take its routes back until it is there again"]
      : [],
  );
});

test("an address of the state in words", () => {
  expect(["kubernetes_config_map_v1.config", "null_resource.rollout"].map(subjectAt)).toStrictEqual([
    "ConfigMap config",
    "null_resource.rollout",
  ]);
});
