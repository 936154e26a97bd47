import { compareConfiguration } from "../../../day-two/metallb/configuration";
import { readConfigFile } from "../../../day-two/metallb/config-file";
import { configText } from "../../../stacks/metallb/pools/config-text";
import { fault } from "../../faults";
import { cluster } from "../../cluster-fixture";

describe(`${fault(259)}: MetalLB's ConfigMap is read as MetalLB reads it`, () => {
  // Each by yaml.v2 v2.4.0, UnmarshalStrict into configFile of MetalLB 0.9.6.
  it.each([
    ["a line of three hyphens at the end", "address-pools:\n- name: a\n---\n", { "address-pools": [{ name: "a" }] }],
    ["a second document", "address-pools:\n- name: a\n---\naddress-pools: []\n", { "address-pools": [{ name: "a" }] }],
    [
      "anchors and merges",
      "peers:\n- &r {peer-address: 10.0.0.1, peer-asn: 64501}\n- {<<: *r, peer-address: 10.0.0.2}\n",
      {
        peers: [
          { "peer-address": "10.0.0.1", "peer-asn": 64501 },
          { "peer-address": "10.0.0.2", "peer-asn": 64501 },
        ],
      },
    ],
    [
      "text that is a number or a word of YAML's",
      "address-pools:\n- {name: 0123}\n- {name: on}\nbgp-communities: {no: 64512:10, auto-assign: no}\n",
      {
        "address-pools": [{ name: "0123" }, { name: "on" }],
        "bgp-communities": { no: "64512:10", "auto-assign": "no" },
      },
    ],
    [
      "numbers and words of YAML 1.1",
      "peers:\n- {peer-asn: 0xFBF5, my-asn: 64_500, ebgp-multihop: yes}\naddress-pools:\n- {auto-assign: Off}\n",
      {
        peers: [{ "peer-asn": 64501, "my-asn": 64500, "ebgp-multihop": true }],
        "address-pools": [{ "auto-assign": false }],
      },
    ],
    [
      "nothing, and lists of it",
      "peers:\nbgp-communities: ~\naddress-pools:\n- {name: a, auto-assign: , bgp-advertisements: []}\n",
      { "bgp-communities": "~", "address-pools": [{ name: "a" }] },
    ],
    ["JSON, with tabs", '{\n\t"address-pools": [\n\t\t{"name": "a"}\n\t]\n}\n', { "address-pools": [{ name: "a" }] }],
    ["lines of Windows", "address-pools:\r\n- name: a\r\n", { "address-pools": [{ name: "a" }] }],
    ["no text", "", {}],
    ["comments alone", "# address-pools:\n# - name: a\n", {}],
    ["a line of three hyphens alone", "---\n", {}],
  ])("%s", (_what, text, expected) => expect(readConfigFile(text)).toEqual(expected));

  it.each(["peers\n", "- a\n", "a: [\n", "address-pools:\n\t- name: a\n", "a: *x\n", "peers: []\npeers: []\n"])(
    "%j is refused",
    (text) => expect(readConfigFile(text)).toBeUndefined(),
  );

  it("what says the same in other words, or by a default, is no difference", () => {
    const pool = { name: "0123", protocol: "bgp", addresses: ["203.0.113.0/24"] };
    const { metallb } = cluster({
      metallb: {
        version: "0.9.6",
        pools: [{ ...pool, bgpAdvertisements: [{ communities: ["64512:10"] }] }],
        peers: [{ peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500 }],
      },
    });
    const differences = (config: string) =>
      compareConfiguration({ configMap: { data: { config } } }, { namespace: "a", configMap: "b" }, metallb).flatMap(
        (part) => [...part.differences, ...(part.problem === undefined ? [] : [part.problem.text])],
      );
    const live = (more: string) => `# By hand.
peers:
- {my-asn: 64_500, peer-asn: 64501, peer-address: 10.0.0.1, peer-port: 179, hold-time: 90s${more}}
address-pools:
- name: 0123
  protocol: bgp
  auto-assign: yes
  addresses: [203.0.113.0/24]
  bgp-advertisements: [{communities: [64512:10], localpref: 0}]
---
`;
    expect([configText(metallb), live("")].flatMap(differences)).toStrictEqual([]);
    expect(differences(live(", router-id: 10.0.0.9"))).toStrictEqual(["peers are not as declared"]);
    expect(differences(live("").replace("64512:10", "64512:11"))).toStrictEqual([
      'pool 0123 has bgp-advertisements [{"communities":["64512:11"]}], declared [{"communities":["64512:10"]}]',
    ]);
  });
});
