import { parse } from "yaml";
import { metallbSchema } from "../../../../stacks/metallb/schema/metallb";
import { configText } from "../../../../stacks/metallb/pools/config-text";

const text = (metallb: object): string => configText(metallbSchema.parse({ version: "0.9.6", ...metallb }));
const pool = { name: "default", addresses: ["192.168.1.240-192.168.1.250"] };

describe("the text of the ConfigMap of MetalLB 0.9 to 0.12", () => {
  test("of one simple pool is what people write by hand, byte for byte", () => {
    expect(text({ pools: [pool] })).toBe(
      [
        "address-pools:",
        "- name: default",
        "  protocol: layer2",
        "  addresses:",
        "  - 192.168.1.240-192.168.1.250",
        "",
      ].join("\n"),
    );
  });

  test("has every setting under MetalLB's own key", () => {
    // given
    const metallb = {
      pools: [
        {
          name: "public",
          protocol: "bgp",
          addresses: ["203.0.113.0/24", "192.0.2.1-192.0.2.9"],
          autoAssign: false,
          avoidBuggyIPs: true,
          bgpAdvertisements: [
            { aggregationLength: 24, localPref: 100, communities: ["no-export", "64500:1"] },
            { localPref: 0 },
          ],
        },
        { ...pool, autoAssign: true, avoidBuggyIPs: false },
      ],
      peers: [
        { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 },
        {
          peerAddress: "10.0.0.2",
          peerASN: 4200000000,
          myASN: 64500,
          peerPort: 1179,
          holdTime: "2m",
          routerID: "10.0.0.9",
        },
      ],
      bgpCommunities: { "no-export": "65535:65281" },
    };

    // when
    const read: unknown = parse(text(metallb));

    // then
    expect(read).toStrictEqual({
      peers: [
        { "peer-address": "10.0.0.1", "peer-asn": 64501, "my-asn": 64500 },
        {
          "peer-address": "10.0.0.2",
          "peer-asn": 4200000000,
          "my-asn": 64500,
          "peer-port": 1179,
          "hold-time": "2m",
          "router-id": "10.0.0.9",
        },
      ],
      "bgp-communities": { "no-export": "65535:65281" },
      "address-pools": [
        {
          name: "public",
          protocol: "bgp",
          addresses: ["203.0.113.0/24", "192.0.2.1-192.0.2.9"],
          "auto-assign": false,
          "avoid-buggy-ips": true,
          "bgp-advertisements": [
            { "aggregation-length": 24, localpref: 100, communities: ["no-export", "64500:1"] },
            { "aggregation-length": 32, localpref: 0 },
          ],
        },
        { name: "default", protocol: "layer2", addresses: ["192.168.1.240-192.168.1.250"] },
      ],
    });
  });

  test("has the keys of 0.12 that 0.9 has not, where they are not as upstream has them by itself", () => {
    // given
    const peer = { peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 };
    const metallb = {
      version: "0.12.1",
      pools: [
        {
          ...pool,
          protocol: "bgp",
          bgpAdvertisements: [{ aggregationLengthV6: 64 }, { aggregationLengthV6: 128, localPref: 1 }],
        },
      ],
      peers: [
        { ...peer, sourceAddress: "10.0.0.9", ebgpMultiHop: true },
        { ...peer, peerPort: 1179, ebgpMultiHop: false },
      ],
    };

    // when
    const read: unknown = parse(text(metallb));

    // then
    const written = { "peer-address": "10.0.0.1", "peer-asn": 64501, "my-asn": 64500 };
    expect(read).toStrictEqual({
      peers: [
        { ...written, "source-address": "10.0.0.9", "ebgp-multihop": true },
        { ...written, "peer-port": 1179 },
      ],
      "address-pools": [
        {
          ...pool,
          protocol: "bgp",
          "bgp-advertisements": [
            { "aggregation-length": 32, "aggregation-length-v6": 64 },
            { "aggregation-length": 32, localpref: 1 },
          ],
        },
      ],
    });
  });

  test.each(["on", "y", "no", "null", "123", "012", "0x1f", "1e3"])(
    "quotes the pool name %s, which YAML 1.1 takes for no text",
    (name) => {
      expect(text({ pools: [{ ...pool, name }] })).toContain(`- name: "${name}"\n`);
    },
  );

  test("quotes a community that YAML 1.1 takes for a number to base 60", () => {
    const bgpCommunities = { blackhole: "64500:52" };
    expect(text({ pools: [pool], bgpCommunities })).toContain('  blackhole: "64500:52"\n');
  });

  test("has a peer's node selectors under MetalLB's own keys", () => {
    const nodeSelectors = [
      { matchLabels: { rack: "a" } },
      {
        matchExpressions: [
          { key: "rack", operator: "In", values: ["b", "c"] },
          { key: "spare", operator: "Exists" },
        ],
      },
    ];
    const peers = [{ peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, nodeSelectors }];
    expect(text({ pools: [pool], peers })).toBe(
      [
        "peers:",
        "- peer-address: 10.0.0.1",
        "  peer-asn: 64501",
        "  my-asn: 64500",
        "  node-selectors:",
        "  - match-labels:",
        "      rack: a",
        "  - match-expressions:",
        "    - key: rack",
        "      operator: In",
        "      values:",
        "      - b",
        "      - c",
        "    - key: spare",
        "      operator: Exists",
        "address-pools:",
        "- name: default",
        "  protocol: layer2",
        "  addresses:",
        "  - 192.168.1.240-192.168.1.250",
        "",
      ].join("\n"),
    );
  });
});
