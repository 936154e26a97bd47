import { arpAnswers, describeEvidence, ndpAnswers, readyPods } from "../../lab/prove";

const one = "02:00:0a:59:00:0b";
const two = "02:00:0a:59:00:0c";

test("arping: distinct MACs are counted, lines of other kinds are not", () => {
  expect(arpAnswers(`${two}\n${one}\n${two}\nTimeout\n\n`)).toStrictEqual({ macs: [one, two], replies: 3 });
  expect(arpAnswers("Timeout\n")).toStrictEqual({ macs: [], replies: 0 });
});

describe("tcpdump's neighbour advertisements", () => {
  const heard = (source: string, target: string, mac: string) =>
    `00:44:01.649891 IP6 (flowlabel 0x0d81e, hlim 255, next-header ICMPv6 (58) payload length: 32) ${source} > fd00:89::5: [icmp6 sum ok] ICMP6, neighbor advertisement, length 32, tgt is ${target}, Flags [solicited]
	  destination link-address option (2), length 8 (1): ${mac}
`;

  test("are counted by the MAC that they name, whatever address they come from", () => {
    const output = [
      heard("fe80::aff:fe59:b", "fd00:89::240", one),
      heard("fd00:89::240", "fd00:89::240", two),
      heard("fe80::aff:fe59:b", "fd00:89::240", one),
    ].join("");
    expect(ndpAnswers(output, "fd00:89::240")).toStrictEqual({ macs: [one, two], replies: 3 });
  });

  test("for other addresses, or without a MAC, are none", () => {
    const withoutMac = heard("fe80::1", "fd00:89::240", one).split("\n")[0] ?? "";
    const output = heard("fe80::aff:fe59:b", "fd00:89::24", one) + withoutMac;
    expect(ndpAnswers(output, "fd00:89::240")).toStrictEqual({ macs: [], replies: 0 });
  });
});

test("the proof is told in figures", () => {
  expect(
    describeEvidence({
      address: "10.89.0.240",
      secondsToFirstAnswer: 3.21,
      requests: 4,
      unanswered: 1,
      replicas: ["web-a", "web-b"],
      neighbourReplies: 5,
      mac: "02:00:0a:59:00:0b",
      node: "node1",
    }),
  ).toStrictEqual([
    "http://10.89.0.240:9200 answers a host outside of the cluster, after 3.2 s",
    "4 requests, 1 unanswered, reached all 2 replicas: web-a, web-b",
    "5 ARP answers for the address, all from one MAC: 02:00:0a:59:00:0b, node1",
  ]);
});

test("and for an IPv6 address as a URL has it", () => {
  const evidence = { secondsToFirstAnswer: 1, requests: 2, unanswered: 0, replicas: ["web-a"], neighbourReplies: 5 };
  const lines = describeEvidence({ ...evidence, address: "fd00:89::240", mac: "02:00:0a:59:00:0b", node: "node1" });
  expect(lines[0]).toBe("http://[fd00:89::240]:9200 answers a host outside of the cluster, after 1.0 s");
  expect(lines[2]).toBe("5 NDP answers for the address, all from one MAC: 02:00:0a:59:00:0b, node1");
});

test("a pod counts as a replica when it is Ready and not on its way out", () => {
  const conditions = [{ type: "Ready", status: "True" }];
  const items = [
    { metadata: { name: "ready" }, status: { conditions } },
    { metadata: { name: "leaving", deletionTimestamp: "2030-01-01T00:00:00Z" }, status: { conditions } },
    { metadata: { name: "starting" }, status: { conditions: [{ type: "Ready", status: "False" }] } },
    { metadata: { name: "pending" }, status: {} },
  ];
  expect(readyPods({ items })).toStrictEqual(["ready"]);
});
