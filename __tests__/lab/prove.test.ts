import { describeEvidence, parseMacs, readyPods } from "../../lab/prove";

test("arping: distinct MACs are counted, lines of other kinds are not", () => {
  const one = "02:00:0a:59:00:0b";
  const two = "02:00:0a:59:00:0c";
  expect(parseMacs(`${two}\n${one}\n${two}\nTimeout\n\n`)).toStrictEqual({ macs: [one, two], replies: 3 });
  expect(parseMacs("Timeout\n")).toStrictEqual({ macs: [], replies: 0 });
});

test("ndisc6: the same, of capitals", () => {
  expect(parseMacs("02:00:0A:59:00:0B\n\n02:00:0A:59:00:0B\n\n")).toStrictEqual({
    macs: ["02:00:0a:59:00:0b"],
    replies: 2,
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
