import { customResources } from "../../../../stacks/metallb/pools/custom-resources";
import { isAnnouncedBy, protocolsOf, protocolText } from "../../../../stacks/metallb/pools/protocols";
import { metallbSchema } from "../../../../stacks/metallb/schema/metallb";
import { fault } from "../../../faults";
import { problemsOf } from "../checks/newer-metallb";

const addresses = ["192.168.1.240-192.168.1.250"];
const peers = [{ name: "r", peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }];

/** Kind, name and spec of each object that a pool becomes. */
const made = (...pools: object[]) =>
  customResources(metallbSchema.parse({ version: "0.15.2", pools, peers }))
    .filter(({ kind }) => kind !== "BGPPeer")
    .map(({ kind, metadata, spec }) => [kind, metadata.name, spec]);

const pool = (name: string) => ["IPAddressPool", name, { addresses, autoAssign: true, avoidBuggyIPs: false }];

test.each([
  [{ protocol: "layer2" }, ["layer2"], "layer2"],
  [{ protocol: "bgp" }, ["bgp"], "bgp"],
  [{ protocol: "bgp", l2Advertisements: [{}] }, ["layer2", "bgp"], "layer2 and bgp"],
  [{ protocol: "layer2", bgpAdvertisements: [{}] }, ["layer2", "bgp"], "layer2 and bgp"],
  [{ protocol: "none" }, [], "none"],
  [{ l2Advertisements: [undefined] }, ["layer2"], "layer2"],
  [{}, [], "none"],
] as const)("%j is announced by %j", (given, protocols, text) => {
  expect(protocolsOf(given as never)).toStrictEqual(protocols);
  expect(protocolText(given as never)).toBe(text);
  expect([isAnnouncedBy(given as never, "layer2"), isAnnouncedBy(undefined, "layer2")]).toStrictEqual([
    (protocols as readonly string[]).includes("layer2"),
    false,
  ]);
});

test("a pool of both protocols has announcements of both, each kind with names of its own", () => {
  const both = { name: "hybrid", addresses, protocol: "bgp", l2Advertisements: [{}], bgpAdvertisements: [{}] };
  const announced = { ipAddressPools: ["hybrid"] };
  expect(made(both)).toStrictEqual([
    pool("hybrid"),
    ["L2Advertisement", "hybrid", announced],
    ["BGPAdvertisement", "hybrid", announced],
  ]);
  const several = {
    ...both,
    l2Advertisements: [{}, { interfaces: ["eth0"] }],
    bgpAdvertisements: [{}, { localPref: 1 }],
  };
  expect(made(several).slice(1)).toStrictEqual([
    ["L2Advertisement", "hybrid", announced],
    ["L2Advertisement", "hybrid-2", { ...announced, interfaces: ["eth0"] }],
    ["BGPAdvertisement", "hybrid", announced],
    ["BGPAdvertisement", "hybrid-2", { ...announced, localPref: 1 }],
  ]);
  const { bgpAdvertisements, ...byDefault } = both;
  expect(bgpAdvertisements).toBeDefined();
  expect(made(byDefault)).toStrictEqual(made(both));
});

test(`${fault(138)}: a pool that something else announces has no announcement`, () => {
  expect(made({ name: "calico-announced", addresses, protocol: "none" })).toStrictEqual([pool("calico-announced")]);
});

describe("what check says of protocols", () => {
  const problems = (version: string, more: object) =>
    problemsOf({ version, pools: [{ name: "p", addresses, ...more }], ...(version === "0.9.6" ? {} : { peers }) });

  it("is nothing of a pool of both, and of none", () => {
    const both = { l2Advertisements: [{}], bgpAdvertisements: [{}] };
    expect(problems("0.13.12", { protocol: "bgp", ...both })).toStrictEqual([]);
    expect(problems("0.16.2", { protocol: "layer2", ...both })).toStrictEqual([]);
    expect(problems("0.13.12", { protocol: "none" })).toStrictEqual([]);
  });

  it.each([
    [
      "0.15.2",
      { bgpAdvertisements: [{}] },
      "bgpAdvertisements: given bgpAdvertisements with no protocol; expected bgpAdvertisements with protocol: bgp, or with protocol: layer2 where the pool is announced by both; write protocol",
    ],
    [
      "0.15.2",
      { protocol: "none", bgpAdvertisements: [{}] },
      "bgpAdvertisements: given bgpAdvertisements with protocol: none; expected no announcements of a pool that something else announces; remove bgpAdvertisements, or set protocol: bgp",
    ],
    [
      "0.15.2",
      { protocol: "none", l2Advertisements: [{}] },
      "l2Advertisements: given l2Advertisements with protocol: none; expected no announcements of a pool that something else announces; remove l2Advertisements, or set protocol: layer2",
    ],
    [
      "0.9.6",
      { protocol: "none" },
      "protocol: given none with version: 0.9.6; expected layer2 or bgp: MetalLB 0.9.6 announces every pool; write one of them, or set metallb.version: 0.13.12 or newer",
    ],
    [
      "0.9.6",
      { protocol: "layer2", bgpAdvertisements: [{}] },
      "bgpAdvertisements: given bgpAdvertisements with protocol: layer2; expected bgpAdvertisements with protocol: bgp only; remove bgpAdvertisements, or set protocol: bgp",
    ],
    [
      "0.15.2",
      { protocol: "both" },
      'protocol: given "both"; expected one of layer2, bgp, none; write layer2 or bgp; for both, one of them and announcements of the other; none for a pool that something else announces',
    ],
  ])("with %s is of %j", (version, more, problem) => {
    expect(problems(version, more)).toStrictEqual([`pools[0].${problem}`]);
  });

  it("names the other protocols where layer2 cannot announce a pool", () => {
    const remedies = (version: string) =>
      problems(version, { addresses: ["203.0.113.1-203.0.113.200"] }).map((text) =>
        text.split("; ").slice(2).join("; "),
      );
    const subnet = "choose addresses of the nodes' subnet, unless that is wider than /24";
    expect(remedies("0.9.6")).toStrictEqual([subnet]);
    expect(remedies("0.15.2")).toStrictEqual([
      `${subnet}; or write protocol: bgp, or none where something else announces them`,
    ]);
  });

  it("is all that is said of either protocol, of a pool of both", () => {
    const places = (metallb: object) => problemsOf(metallb).map((text) => text.split(": given")[0]);
    const far = { name: "p", protocol: "bgp", addresses: ["203.0.113.1-203.0.113.9"], l2Advertisements: [{}] };
    expect(places({ version: "0.15.2", pools: [far], peers })).toStrictEqual([
      "warning: metallb.pools[0].addresses[0]",
    ]);
    const ipv6 = { name: "p", protocol: "layer2", addresses: ["2001:db8:6::/64"], bgpAdvertisements: [{}] };
    const frr = { version: "0.15.2", bgpType: "frr", pools: [ipv6] };
    expect(places({ ...frr, peers })).toStrictEqual(["warning: metallb.pools[0].addresses[0]"]);
    const bfdProfiles = [{ name: "fast", echoMode: true }];
    const echoing = [{ ...peers[0], bfdProfile: "fast", dualStackAddressFamily: true }];
    expect(places({ ...frr, peers: echoing, bfdProfiles })).toStrictEqual(["bfdProfiles[0].echoMode"]);
  });

  it("asks for a router where BGP is beside layer2", () => {
    const metallb = {
      version: "0.15.2",
      pools: [{ name: "p", addresses, protocol: "layer2", bgpAdvertisements: [{}] }],
    };
    expect(problemsOf(metallb).map((text) => text.split(";")[0])).toStrictEqual(["peers: given no router"]);
  });
});
