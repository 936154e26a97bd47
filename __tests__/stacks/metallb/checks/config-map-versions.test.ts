import { fault } from "../../../faults";
import { bgpPool, peer, pool, problemsOf } from "./newer-metallb";

// What the ConfigMap's parsers of 0.9 to 0.12 do not all take. Upstream: Parse in internal/config/config.go of each tag; what it
// gave for the texts of these cases at v0.11.0 and v0.12.1 is what is expected.

const refusedBy = (metallb: object): string[] =>
  ["0.9.6", "0.11.0", "0.12.1"].filter((version) => problemsOf({ version, ...metallb }).length > 0);

describe("what differs between MetalLB 0.9 and 0.12", () => {
  it.each([
    ["two routers that are the same", { pools: [bgpPool], peers: [peer, peer] }, ["0.11.0", "0.12.1"]],
    [
      "two routers that are the same to MetalLB",
      { pools: [bgpPool], peers: [peer, { ...peer, peerPort: 179, holdTime: "1m30s" }] },
      ["0.11.0", "0.12.1"],
    ],
    ["two ports of a router", { pools: [bgpPool], peers: [peer, { ...peer, peerPort: 1179 }] }, []],
    [
      "two announcements that are the same",
      { pools: [{ ...bgpPool, bgpAdvertisements: [{ localPref: 7 }, { localPref: 7 }] }], peers: [peer] },
      ["0.12.1"],
    ],
    [
      "two announcements that differ",
      { pools: [{ ...bgpPool, bgpAdvertisements: [{ localPref: 7 }, { localPref: 8 }] }], peers: [peer] },
      [],
    ],
    [
      "a community twice",
      { pools: [{ ...bgpPool, bgpAdvertisements: [{ communities: ["64500:1", "64500:1"] }] }], peers: [peer] },
      ["0.12.1"],
    ],
    ["a range of one address", { pools: [{ ...pool, addresses: ["192.168.1.240-192.168.1.240"] }] }, ["0.11.0"]],
    ["a network of one address", { pools: [{ ...pool, addresses: ["192.168.1.240/32"] }] }, []],
    ["a pool's name that is no name of an object", { pools: [{ ...pool, name: "load_Balanced" }] }, []],
  ])(`${fault(14)}: %s`, (_what, metallb, versions) => {
    expect(refusedBy(metallb)).toStrictEqual(versions);
  });

  it(`${fault(14)}: says what is the same as what, and what to write`, () => {
    expect(problemsOf({ version: "0.12.1", pools: [bgpPool], peers: [peer, peer] })).toStrictEqual([
      "peers[1]: given the same as metallb.peers[0]; expected each router once: MetalLB 0.12.1 refuses a repetition; remove one of the two",
    ]);
    const bgpAdvertisements = [{ localPref: 7 }, {}, { localPref: 7 }];
    expect(problemsOf({ version: "0.12.1", pools: [{ ...bgpPool, bgpAdvertisements }], peers: [peer] })).toStrictEqual([
      "pools[0].bgpAdvertisements[2]: given the same as number 1 of the list; expected each announcement once: MetalLB 0.12.1 refuses a repetition; remove one of the two",
    ]);
    expect(
      problemsOf({ version: "0.11.0", pools: [{ ...pool, addresses: ["2001:db8:5::1-2001:db8:5::1"] }] }),
    ).toStrictEqual([
      'pools[0].addresses[0]: given "2001:db8:5::1-2001:db8:5::1" in the pool default; expected two addresses that differ: MetalLB 0.11.0 takes one address for a range that ends before its start; write 2001:db8:5::1/128',
    ]);
  });
});
