import { summarize, summaryText } from "../../cli/cluster-summary";
import { poolStatus } from "../../day-two/status/pools";
import { cluster } from "../cluster-fixture";

const { metallb, ...config } = cluster({
  metallb: {
    version: "0.15.2",
    bgpType: "frr",
    pools: [
      { name: "hybrid", protocol: "layer2", addresses: ["192.168.1.240/32"], bgpAdvertisements: [{}] },
      { name: "by-calico", protocol: "none", addresses: ["203.0.113.0/24"] },
    ],
    peers: [
      { name: "tor", interface: "net0", dynamicASN: "external", myASN: 64500 },
      { peerAddress: "192.168.1.1", peerASN: 64501, myASN: 64500 },
    ],
  },
});

test("pools are told with all that announces them, and routers by what leads to them", () => {
  const summary = summarize({ ...config, metallb });
  expect(summary.pools.map(({ name, protocol }) => [name, protocol])).toStrictEqual([
    ["hybrid", "layer2 and bgp"],
    ["by-calico", "none"],
  ]);
  expect(summary.bgp).toStrictEqual({
    type: "frr",
    peers: [
      { name: "tor", interface: "net0", dynamicASN: "external" },
      { name: "192-168-1-1", peerAddress: "192.168.1.1", peerASN: 64501 },
    ],
  });
  const lines = summaryText(summary).split("\n");
  expect(
    lines
      .find((line) => line.includes("tor"))
      ?.trim()
      .split(/\s{2,}/),
  ).toStrictEqual(["tor", "interface net0", "external"]);
  expect(poolStatus(metallb, [], []).map(({ protocol }) => protocol)).toStrictEqual(["layer2 and bgp", "none"]);
});
