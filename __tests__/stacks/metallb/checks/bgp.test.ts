import { fault } from "../../../faults";
import { edited, problemsIn } from "../../../cluster/sample";

describe("BGP", () => {
  it(`${fault(15)}: AS number 0 is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 0, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      "cluster.yaml:26:44: error: metallb.peers[0].peerASN: given 0; expected an AS number: a whole number from 1 to 4294967295; write a number in that range, without quotes and without AS; 1.10, in dotted notation, is 65546 (1 × 65536 + 10)",
    ]);
  });

  it(`${fault(15)}: an AS number of more than 32 bits is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 4294967296 }",
          ],
        ),
      ),
    ).toStrictEqual([
      "cluster.yaml:26:58: error: metallb.peers[0].myASN: given 4294967296; expected an AS number: a whole number from 1 to 4294967295; write a number in that range, without quotes and without AS; 1.10, in dotted notation, is 65546 (1 × 65536 + 10)",
    ]);
  });

  it(`${fault(15)}: a bad peer address is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: router, peerASN: 64501, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:26:22: error: metallb.peers[0].peerAddress: given "router"; expected an IP address, such as 192.168.1.10; write the address alone, with no name, port, prefix length or zone',
    ]);
  });

  it(`${fault(15)}: a hold time under 3 s is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500, holdTime: 2s }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:26:75: error: metallb.peers[0].holdTime: given "2s"; expected a hold time from 3s to 65535s, or 0s for none, as BGP has it (RFC 4271); write for example 90s, or remove the key for the default',
    ]);
  });

  it(`${fault(15)}: a hold time of more than 16 bits is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500, holdTime: 19h }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:26:75: error: metallb.peers[0].holdTime: given "19h"; expected a hold time from 3s to 65535s, or 0s for none, as BGP has it (RFC 4271); write for example 90s, or remove the key for the default',
    ]);
  });

  it(`${fault(15)}: an IPv6 router id is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            '        - 192.168.1.240-192.168.1.250\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500, routerID: "::1" }',
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:26:75: error: metallb.peers[0].routerID: given "::1"; expected an IPv4 address, such as 192.168.1.10; write four decimal numbers joined by dots',
    ]);
  });

  it(`${fault(15)}: a bad community is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            '        - 192.168.1.240-192.168.1.250\n      bgpAdvertisements: [{ communities: ["65536:1"] }]\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }',
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:43: error: metallb.pools[0].bgpAdvertisements[0].communities[0]: given "65536:1"; expected two numbers from 0 to 65535, joined by a colon, or a name from metallb.bgpCommunities (there is none); write it like "65535:65282", or define the name in metallb.bgpCommunities',
    ]);
  });

  it(`${fault(15)}: a community name that is not defined is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n      bgpAdvertisements: [{ communities: [no-export] }]\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:43: error: metallb.pools[0].bgpAdvertisements[0].communities[0]: given "no-export"; expected two numbers from 0 to 65535, joined by a colon, or a name from metallb.bgpCommunities (there is none); write it like "65535:65282", or define the name in metallb.bgpCommunities',
    ]);
  });

  it(`${fault(15)}: a bad definition of a community is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            '        - 192.168.1.240-192.168.1.250\n  bgpCommunities: { no-export: "65535" }\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }',
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:32: error: metallb.bgpCommunities.no-export: given "65535"; expected two numbers from 0 to 65535, joined by a colon; write it like "65535:65281"',
    ]);
  });

  it(`${fault(15)}: an aggregation length of 33 is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n      bgpAdvertisements: [{ aggregationLength: 33 }]\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      "cluster.yaml:25:48: error: metallb.pools[0].bgpAdvertisements[0].aggregationLength: given 33; expected the length of an IPv4 prefix: a whole number from 1 to 32; write a number in that range, without quotes",
    ]);
  });

  it(`${fault(15)}: an aggregation length below a network's own is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 10.7.0.0/26\n      bgpAdvertisements: [{ aggregationLength: 24 }]\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:48: error: metallb.pools[0].bgpAdvertisements[0].aggregationLength: given 24; expected at least 26: MetalLB splits "10.7.0.0/26" into networks as small as /26, and announces none beyond a pool\'s own addresses; raise aggregationLength, or make the pool of whole networks of that length',
    ]);
  });

  it(`${fault(15)}: an aggregation length below that of a range's parts is refused`, () => {
    expect(
      problemsIn(
        edited(
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            "        - 192.168.1.240-192.168.1.250\n      bgpAdvertisements: [{ aggregationLength: 29 }]\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }",
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:25:48: error: metallb.pools[0].bgpAdvertisements[0].aggregationLength: given 29; expected at least 32: MetalLB splits "192.168.1.240-192.168.1.250" into networks as small as /32, and announces none beyond a pool\'s own addresses; raise aggregationLength, or make the pool of whole networks of that length',
    ]);
  });

  it(`${fault(15)}: announcements in a layer2 pool are refused`, () => {
    expect(
      problemsIn(
        edited([
          "        - 192.168.1.240-192.168.1.250",
          "        - 192.168.1.240-192.168.1.250\n      bgpAdvertisements: [{ aggregationLength: 32 }]",
        ]),
      ),
    ).toStrictEqual([
      "cluster.yaml:25:7: error: metallb.pools[0].bgpAdvertisements: given bgpAdvertisements with protocol: layer2; expected bgpAdvertisements with protocol: bgp only; remove bgpAdvertisements, or set protocol: bgp",
    ]);
  });

  it(`${fault(15)}: a BGP pool without a router is refused`, () => {
    expect(problemsIn(edited(["      protocol: layer2\n", "      protocol: bgp\n"]))).toStrictEqual([
      "cluster.yaml:18:1: error: metallb.peers: given no router; expected at least one router to announce to, since a pool is announced by BGP (default); add the router's peerAddress, peerASN and myASN to metallb.peers, or take BGP away from the pool (protocol: layer2)",
    ]);
  });

  it(`${fault(15)}: an IPv6 range in a BGP pool is refused`, () => {
    expect(
      problemsIn(
        edited(
          [
            "  context: admin",
            "  context: admin\n  podCIDR: 10.244.0.0/16,fd00:10::/56\n  serviceCIDR: 10.96.0.0/12,fd00:20::/112",
          ],
          ["      protocol: layer2\n", "      protocol: bgp\n"],
          [
            "        - 192.168.1.240-192.168.1.250",
            '        - "2001:db8:5::/64"\n  peers:\n    - { peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500 }',
          ],
        ),
      ),
    ).toStrictEqual([
      'cluster.yaml:26:11: error: metallb.pools[0].addresses[0]: given "2001:db8:5::/64" in the pool default; expected IPv4 addresses, or MetalLB 0.13.7 or newer with bgpType: frr, the first that can express it; move the range to a pool with protocol: layer2, or set metallb.version: 0.13.12 and metallb.bgpType: frr',
    ]);
  });
});
