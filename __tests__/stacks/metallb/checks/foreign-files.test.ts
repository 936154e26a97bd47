import { fault } from "../../../faults";
import { edited, problemsIn } from "../../../cluster/sample";
import { bgpPool, peer, pool, problemsOf } from "./newer-metallb";

const bgp = (one: object) => ({ version: "0.15.2", pools: [bgpPool], peers: [{ ...peer, ...one }] });
const remediesOf = (metallb: object) => problemsOf(metallb).map((text) => text.split("; ").slice(2).join("; "));

describe("Keys of MetalLB's own files", () => {
  it.each([
    [
      "a password",
      bgp({ password: "example" }),
      "put the password into a Secret of metallb-system, type kubernetes.io/basic-auth, and write passwordSecret with its name; MetalLB before 0.13 has no such key, and a password cannot be expressed with it here: it would stand in the ConfigMap for everybody to read",
    ],
    [
      "a Secret as a mapping",
      bgp({ passwordSecret: { name: "bgp-md5" } }),
      "write its name alone, passwordSecret: NAME, with no mapping around it",
    ],
    [
      "the chart's values for the speaker",
      { version: "0.15.2", speaker: { ignoreExcludeLB: true } },
      "write it directly below metallb",
    ],
  ])(`${fault(77)}: %s has a remedy that names the right key`, (_title, metallb, remedy) => {
    expect(remediesOf(metallb)).toStrictEqual([remedy]);
  });

  it(`${fault(77)}: what stands below address-pools is read as pools, keys of 0.9 with it`, () => {
    const text = edited(["  pools:\n", "  address-pools:\n"], ["      protocol: layer2", "      auto-assign: 1"]);
    expect(problemsIn(text).map((problem) => problem.replace(/expected one of [^;]*; /, ""))).toStrictEqual([
      'cluster.yaml:20:3: error: metallb.address-pools: given the unknown key "address-pools"; write pools',
      'cluster.yaml:22:7: error: metallb.address-pools[0].auto-assign: given the unknown key "auto-assign"; write autoAssign',
      "cluster.yaml:22:20: error: metallb.address-pools[0].auto-assign: given 1; expected true or false; write true or false, without quotes",
    ]);
  });
});

describe(`${fault(261)}: Values that are nearly right`, () => {
  const lan = (address: unknown) => ({ version: "0.15.2", pools: [{ name: "lan", addresses: [address] }] });
  it.each([
    [
      "a dash of a word processor",
      lan("192.168.1.240–192.168.1.250"),
      "write 192.168.1.240-192.168.1.250 for all from one to the other, or each of the two as an item of its own",
    ],
    ["spaces", lan(" 192.168.1.240/28"), "take the spaces around it away: 192.168.1.240/28"],
    ["a number", lan(3232235777), "write one of these forms"],
    ["nothing for an address", lan(null), "write one of these forms"],
    [
      "nothing for a name",
      { version: "0.15.2", pools: [{ name: null, addresses: ["192.168.1.240/30"] }] },
      "write it as text, in quotes where YAML would read a number",
    ],
    ["an image's tag for a version", { version: "v0.15.2" }, "write 0.15.2"],
    [
      "an AS number in dotted notation",
      bgp({ peerASN: "1.10" }),
      "write a number in that range, without quotes and without AS; 1.10, in dotted notation, is 65546 (1 × 65536 + 10)",
    ],
    [
      "a key of BGPPeer's",
      bgp({ disableMP: true }),
      "remove it: from MetalLB 0.15 on a session is of one family anyway, unless it has dualStackAddressFamily: true; with 0.14 put the router as a BGPPeer into a file of metallb.resources",
    ],
    [
      "a label of an address for an interface",
      { version: "0.15.2", pools: [{ ...pool, protocol: "layer2", l2Advertisements: [{ interfaces: ["eth0:1"] }] }] },
      "write a name such as eth0",
    ],
    [
      "an image for a registry",
      { version: "0.15.2", imageRegistry: "mirror.example.org/metallb/controller" },
      "write mirror.example.org/metallb",
    ],
    [
      "FRR's image for its registry",
      { ...bgp({}), bgpType: "frr", frrImageRegistry: "mirror.example.org/frrouting/frr" },
      "write mirror.example.org/frrouting",
    ],
  ])("%s", (_title, metallb, remedy) => expect(remediesOf(metallb)).toStrictEqual([remedy]));
});

describe("Names of pools", () => {
  const named = (version: string, name: string) => problemsOf({ version, pools: [{ ...pool, name }] });

  it.each(["load_Balanced", "frontend pool", "Ä", "${x}"])(`${fault(72)}: MetalLB 0.9 takes %j`, (name) => {
    expect(named("0.9.6", name)).toStrictEqual([]);
  });

  it(`${fault(72)}: later versions take DNS names, and tell what a new name does`, () => {
    expect(named("0.15.2", "pool.lan")).toStrictEqual([]);
    // Unlike in DNS, a part of it may have more than 63 characters.
    expect(named("0.15.2", "a".repeat(70))).toStrictEqual([]);
    expect(named("0.15.2", "load_Balanced")).toStrictEqual([
      'pools[0].name: given "load_Balanced" with version: 0.15.2; expected a DNS name: labels of lower-case letters, digits and hyphens, joined by dots, at most 253 characters, as the name of an IPAddressPool; rename the pool, and in the same moment the annotation address-pool of each Service that asks for it by name, which else loses its address; MetalLB up to 0.12 takes any name',
    ]);
  });
});

describe("Timers", () => {
  it.each([
    ["as Kubernetes prints them", { holdTime: "1m30s" }],
    ["none", { holdTime: "0s" }],
  ])(`${fault(75)}: %s are taken`, (_title, timers) => {
    expect(problemsOf(bgp(timers))).toStrictEqual([]);
    expect(problemsOf({ ...bgp(timers), version: "0.9.6" })).toStrictEqual([]);
  });

  it(`${fault(75)}: a keepalive time alone holds three times as long with FRR, and 90 s at most before 0.14`, () => {
    const frr = (version: string, keepaliveTime: string) =>
      problemsOf({ ...bgp({ keepaliveTime }), version, bgpType: "frr" });
    expect(frr("0.15.2", "120s")).toStrictEqual([]);
    expect(frr("0.15.2", "6h10m")).toStrictEqual([
      'peers[0].keepaliveTime: given "6h10m"; expected at most 21845s: without holdTime MetalLB holds three times as long, and BGP at most 65535s; write a shorter time, or holdTime too',
    ]);
    expect(frr("0.13.12", "120s")).toStrictEqual([
      'peers[0].keepaliveTime: given "120s"; expected at most the hold time, 90s; write a third of the hold time, or remove the key for that default',
    ]);
  });

  it(`${fault(75)}: 0.13 takes 0s for 90 s`, () => {
    for (const version of ["0.13.7", "0.13.12", "0.14.8"]) {
      expect(problemsOf({ ...bgp({ holdTime: "0s" }), version })).toStrictEqual([
        `peers[0].holdTime: given "0s"; expected no 0s with MetalLB ${version}, which takes it for its default, 90s; remove the key, or set metallb.version: 0.14.9`,
      ]);
    }
  });
});

describe("A mirror of images with FRR", () => {
  const mirrored = { ...bgp({}), bgpType: "frr", imageRegistry: "mirror.example.org/cache/metallb" };

  it(`${fault(78)}: is told where FRR's image is taken from, and the key for another place`, () => {
    expect(problemsOf(mirrored)).toStrictEqual([
      "warning: metallb.imageRegistry: given \"mirror.example.org/cache/metallb\"; expected metallb.frrImageRegistry beside it: upstream's image frr is not MetalLB's, so it is taken from mirror.example.org/cache/frrouting/frr, as upstream's paths are; write frrImageRegistry: mirror.example.org/cache/frrouting, or where the mirror has the image instead, mirror.example.org/cache/metallb for example",
    ]);
    expect(problemsOf({ ...mirrored, frrImageRegistry: "mirror.example.org/cache/metallb" })).toStrictEqual([]);
    expect(problemsOf({ ...mirrored, imageRegistry: "mirror.example.org" })).toStrictEqual([]);
  });
});
