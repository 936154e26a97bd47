import { parseAllDocuments } from "yaml";
import { customResources } from "../../../../stacks/metallb/pools/custom-resources";
import { metallbSchema } from "../../../../stacks/metallb/schema/metallb";
import { MetallbParser, type Pair, type Verdict } from "../parser/metallb-parser";

// What people had in the cluster, beside what cluster.yaml becomes, both read by MetalLB's own parser.

const namespace = "metallb-system";
const addresses = ["192.168.1.240-192.168.1.250"];

/** Objects that somebody wrote by hand. */
const objects = (text: string): object[] => parseAllDocuments(text).map((document) => document.toJS() as object);

const pool = (name: string, range: string) => `
apiVersion: metallb.io/v1beta1
kind: IPAddressPool
metadata: { name: ${name}, namespace: ${namespace} }
spec: { addresses: ["${range}"] }
`;
const announcement = (kind: string, name: string, spec: string) => `
---
apiVersion: metallb.io/v1beta1
kind: ${kind}
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;
const peer = (name: string, spec: string) => `
---
apiVersion: metallb.io/v1beta2
kind: BGPPeer
metadata: { name: ${name}, namespace: ${namespace} }
spec: ${spec}
`;

interface Case {
  readonly cluster: object;
  readonly person: string;
  readonly verdict: Verdict;
}

const same = { one: "taken", other: "taken", same: true };

const hybrid = pool("hybrid-pool", "192.168.1.240-192.168.1.250");
const router = peer("r", "{ peerAddress: 192.168.1.1, peerASN: 64501, myASN: 64500, holdTime: 90s }");
const peers = [{ name: "r", peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 }];

const cases: Readonly<Record<string, Case>> = {
  "one pool by both protocols": {
    cluster: {
      pools: [{ name: "hybrid-pool", protocol: "bgp", addresses, l2Advertisements: [{}], bgpAdvertisements: [{}] }],
      peers,
    },
    person:
      hybrid +
      announcement("L2Advertisement", "l2", "{ ipAddressPools: [hybrid-pool] }") +
      announcement("BGPAdvertisement", "bgp", "{ ipAddressPools: [hybrid-pool] }") +
      router,
    verdict: same,
  },
  "one pool by both protocols, each on some nodes": {
    cluster: {
      pools: [
        {
          name: "hybrid-pool",
          protocol: "layer2",
          addresses,
          l2Advertisements: [{ interfaces: ["eth0"], nodeSelectors: [{ matchLabels: { rack: "a" } }] }, {}],
          bgpAdvertisements: [{ aggregationLength: 32, localPref: 10, peers: ["r"] }],
        },
      ],
      peers,
    },
    person:
      hybrid +
      announcement(
        "L2Advertisement",
        "first",
        "{ ipAddressPools: [hybrid-pool], interfaces: [eth0], nodeSelectors: [{ matchLabels: { rack: a } }] }",
      ) +
      announcement("L2Advertisement", "second", "{ ipAddressPools: [hybrid-pool] }") +
      announcement(
        "BGPAdvertisement",
        "bgp",
        "{ ipAddressPools: [hybrid-pool], localPref: 10, peers: [r], aggregationLength: 32, aggregationLengthV6: 128 }",
      ) +
      router,
    verdict: same,
  },
  "a pool that Calico announces": {
    cluster: { pools: [{ name: "calico-announced", protocol: "none", addresses: ["203.0.113.1-203.0.113.200"] }] },
    person: pool("calico-announced", "203.0.113.1-203.0.113.200"),
    verdict: same,
  },
  "a pool that Calico announces, declared without its protocol": {
    cluster: { pools: [{ name: "calico-announced", addresses: ["203.0.113.1-203.0.113.200"] }] },
    person: pool("calico-announced", "203.0.113.1-203.0.113.200"),
    verdict: { ...same, same: false },
  },
  "an unnumbered router whose AS number is found out": {
    cluster: {
      bgpType: "frr",
      pools: [{ name: "p", protocol: "bgp", addresses: ["203.0.113.0/24"] }],
      peers: [{ name: "tor", interface: "net0", dynamicASN: "external", myASN: 64500 }],
    },
    person:
      pool("p", "203.0.113.0/24") +
      announcement("BGPAdvertisement", "all", "{ ipAddressPools: [p] }") +
      peer("tor", "{ interface: net0, dynamicASN: external, myASN: 64500 }"),
    verdict: same,
  },
  "an unnumbered router without FRR, which check refuses": {
    cluster: {
      pools: [{ name: "p", protocol: "bgp", addresses: ["203.0.113.0/24"] }],
      peers: [{ name: "tor", interface: "net0", peerASN: 64501, myASN: 64500 }],
    },
    person: pool("p", "203.0.113.0/24"),
    verdict: { one: "peer  has interface set on native bgp mode", other: "taken", same: false },
  },
};

describe("cluster.yaml beside what people had, as MetalLB 0.15.2 reads it", () => {
  let verdicts: Readonly<Record<string, Verdict>>;

  beforeAll(() => {
    const pairs = Object.values(cases).map(({ cluster, person }): Pair => {
      const metallb = metallbSchema.parse({ version: "0.15.2", ...cluster });
      return { bgpType: metallb.bgpType, one: customResources(metallb), other: objects(person) };
    });
    const found = MetallbParser.of("0.15.2").compare(pairs);
    verdicts = Object.fromEntries(Object.keys(cases).map((name, index) => [name, found[index] as Verdict]));
    // Go builds MetalLB's parser with what it needs of Kubernetes.
  }, 900_000);

  test.each(Object.entries(cases))("%s", (name, { verdict }) => {
    expect(verdicts[name]).toStrictEqual(verdict);
  });
});
