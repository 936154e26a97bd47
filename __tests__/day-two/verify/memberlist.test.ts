import { ownInstallation } from "../../../day-two/metallb/installation";
import { memberCheck, membersInLog } from "../../../day-two/verify/memberlist";

const nodes = [
  { name: "node1", address: "10.89.0.11" },
  { name: "node2", address: "10.89.0.12" },
  { name: "node3", address: "fd00::3" },
];
const start = `{"caller":"main.go:80","msg":"MetalLB speaker starting version 0.9.6 (no build information)"}`;
const event = (kind: string, name: string) =>
  `{"caller":"speakerlist.go:313","msg":"node event - forcing sync","node addr":"10.89.0.11","node event":"${kind}","node name":"${name}","ts":"2026-11-24T06:49:42Z"}`;
const exchange = (address: string) =>
  `{"caller":"net.go:785","component":"Memberlist","msg":"[DEBUG] memberlist: Initiating push/pull sync with: ${address}:7946","ts":"2026-11-24T06:58:19Z"}`;
const view = (...lines: string[]) => membersInLog(lines.join("\n"), nodes);
const expected = ["node1", "node2", "node3"];
const metallb = { ...ownInstallation, bindPort: 7947 };

it("reads who joined and who left, the last word counting", () => {
  const log = [start, event("NodeJoin", "node1"), event("NodeJoin", "node2"), event("NodeLeave", "node2")];
  expect(
    view(...log, event("NodeJoin", "node3"), event("NodeLeave", "node3"), event("NodeJoin", "node3")),
  ).toStrictEqual({
    members: new Set(["node1", "node3"]),
    left: new Set(["node2"]),
    complete: true,
  });
});

it("in a log that was rotated, an exchange with a node shows that it is a member", () => {
  expect(view(exchange("10.89.0.12"), exchange("[fd00::3]"), exchange("10.99.0.1"))).toStrictEqual({
    members: new Set(["node2", "node3"]),
    left: new Set(),
    complete: false,
  });
});

it("an attempt to join a node that left, or that never came, does not make it a member", () => {
  expect(view(event("NodeLeave", "node2"), exchange("10.89.0.12")).members).toStrictEqual(new Set());
  expect(view(start, event("NodeJoin", "node1"), exchange("10.89.0.12")).members).toStrictEqual(new Set(["node1"]));
});

it("fails for a speaker that lacks one", () => {
  expect(
    memberCheck("node1", view(start, event("NodeJoin", "node1"), event("NodeJoin", "node2")), expected, metallb),
  ).toStrictEqual({
    id: "metallb.memberlist",
    place: "node1",
    status: "failed",
    text: "speaker on node1 counts 2 of 3 speakers as members, not node3",
    remedy:
      "after a node was cut off, wait a minute, in which speakers join again; then open port 7947, tcp and udp, between the nodes; if the key was changed, restart all speakers at the same time: kubectl -n metallb-system delete pods -l app=metallb,component=speaker",
  });
});

it("in a log that was rotated, fails for who left, and does not guess about who is not named", () => {
  const log = [exchange("10.89.0.11"), event("NodeLeave", "node2")];
  const { status, text } = memberCheck("node1", view(...log), expected, metallb);
  expect([status, text]).toStrictEqual(["failed", "speaker on node1 counts 1 of 3 speakers as members, not node2"]);
  expect(memberCheck("node1", view(exchange("10.89.0.12")), ["node2", "node3"], metallb)).toStrictEqual({
    id: "metallb.memberlist",
    place: "node1",
    status: "skipped",
    text: "speaker on node1: its log is too short to say whether node3 are members",
  });
});
