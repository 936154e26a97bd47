import { announcedIn } from "../../day-two/metallb/announced";
import { announcedSince, logBounds } from "../../day-two/status/announcements";
import { parseMetrics } from "../../day-two/metallb/metrics";
import { announced, event, speakerStart } from "./status-cluster";

describe("What a speaker announces", () => {
  it("is read from its metrics", () => {
    const other = `metallb_layer2_gratuitous_sent{ip="192.168.1.240"} 10\nmetallb_speaker_announced{ip="1.1.1.1",node="n",protocol="bgp",service="a/b"} 0\n`;
    expect(announcedIn(parseMetrics(announced("web", "192.168.1.240", "node1") + other))).toStrictEqual([
      { service: "default/web", address: "192.168.1.240", node: "node1", protocol: "layer2" },
    ]);
  });
});

describe("Since when a speaker announces", () => {
  const one = { service: "default/web", address: "192.168.1.240", node: "node1", protocol: "layer2" };
  const at = (minute: number) => `2026-11-24T06:${String(minute).padStart(2, "0")}:00Z`;
  const announce = (minute: number, name?: string, ip?: string) => event("serviceAnnounced", at(minute), name, ip);
  const withdraw = (minute: number, name?: string) => event("serviceWithdrawn", at(minute), name, "");

  it.each([
    ["the first announcement, not its repetitions", [speakerStart(at(0)), announce(1), announce(2)], at(1)],
    ["the first one after the last withdrawal", [announce(1), withdraw(2), announce(3), announce(4)], at(3)],
    ["a withdrawal of another Service does not count", [speakerStart(at(0)), announce(1), withdraw(2, "x")], at(1)],
    ["another Service does not count", [speakerStart(at(0)), announce(1, "x"), announce(2)], at(2)],
    ["another address does not count", [speakerStart(at(0)), announce(1, "web", "1.1.1.1"), announce(2)], at(2)],
    [
      "lines of another form are skipped",
      [speakerStart(at(0)), "W1124 06:49:42 x\n", '{"serviceAnnounced"\n', announce(2)],
      at(2),
    ],
  ])("is the time of %s", (_what, lines, time) => {
    expect(announcedSince(lines.join(""), one)).toStrictEqual({ at: time, before: false });
  });

  it.each([
    ["of which the first line that is left announces it", [announce(1), announce(2)], at(1)],
    ["that says nothing of it any more", [event("other", at(3)), event("other", at(4))], at(3)],
  ])("is before the oldest that is known, in a log %s", (_what, lines, time) => {
    expect(announcedSince(lines.join(""), one)).toStrictEqual({ at: time, before: true });
  });

  it.each([
    ["an empty log", ""],
    ["a log that was cut off", speakerStart(at(0)) + announce(1) + "x".repeat(logBounds.limitBytes)],
  ])("is not known from %s", (_what, log) => {
    expect(announcedSince(log, one)).toBeUndefined();
  });
});
