import { parseMetrics, type PodMetrics } from "../../../day-two/metallb/metrics";
import { ownInstallation } from "../../../day-two/metallb/installation";
import { announcersOf, findAnnounced } from "../../../day-two/metallb/announced";

it("reads Prometheus' text: names, labels with quotes in them, values; comments and other lines are left out", () => {
  const text = `# HELP a help
# TYPE a gauge
a 1
b_total{ip="10.0.0.1",why="say \\"no\\", twice"} 2.5e+09
c{} NaN
d_bucket{le="+Inf"} -Inf 1395066363000

not a sample
`;
  expect(parseMetrics(text)).toStrictEqual([
    { name: "a", labels: {}, value: 1 },
    { name: "b_total", labels: { ip: "10.0.0.1", why: 'say \\"no\\", twice' }, value: 2_500_000_000 },
    { name: "c", labels: {}, value: NaN },
    { name: "d_bucket", labels: { le: "+Inf" }, value: -Infinity },
  ]);
});

describe("who announces an address", () => {
  const speaker = (nodeName: string, ...lines: string[]): PodMetrics => ({
    pod: { spec: { nodeName, containers: [] } },
    port: 7472,
    samples: parseMetrics(lines.join("\n")),
  });
  const announced = (service: string, ip: string, value: number) =>
    `metallb_speaker_announced{ip="${ip}",node="x",protocol="layer2",service="${service}"} ${value}`;

  it("is every node whose speaker says so of this Service and this address, now", async () => {
    const metrics: PodMetrics[] = [
      speaker("node1", announced("default/web", "10.0.0.1", 1)),
      speaker("node2", announced("default/web", "10.0.0.2", 1)),
      speaker("node3", announced("default/other", "10.0.0.1", 1)),
      speaker("node4", announced("default/web", "10.0.0.1", 0)),
      speaker("node5", announced("default/web", "10.0.0.1", 1)),
      { pod: { spec: { nodeName: "node6", containers: [] } }, port: 7472, problem: "no answer" },
    ];
    const get = undefined as never;
    const announcing = await findAnnounced({ get }, ownInstallation, metrics);
    expect(announcersOf(announcing, "default/web", "10.0.0.1")).toStrictEqual(["node1", "node5"]);
  });
});
