import { configText } from "../../../../stacks/metallb/pools/config-text";
import { customResources } from "../../../../stacks/metallb/pools/custom-resources";
import { metallbSchema } from "../../../../stacks/metallb/schema/metallb";
import { fault } from "../../../faults";

const configOf = (version: string, bgpType: string, timers: object) =>
  metallbSchema.parse({
    version,
    bgpType,
    pools: [{ name: "p", protocol: "bgp", addresses: ["203.0.113.0/24"] }],
    peers: [{ peerAddress: "10.0.0.1", peerASN: 64501, myASN: 64500, ...timers }],
  });

const timersOf = (version: string, bgpType: string, timers: object = {}) => {
  const peer = customResources(configOf(version, bgpType, timers)).find(({ kind }) => kind === "BGPPeer");
  const { holdTime, keepaliveTime } = peer?.spec ?? {};
  return [holdTime, keepaliveTime];
};

it.each([
  ["0.13.12", "native"],
  ["0.14.9", "native"],
  ["0.16.2", "native"],
  ["0.13.12", "frr"],
])(`${fault(75)}: MetalLB %s (%s) finds its own default, 90 s`, (version, bgpType) => {
  expect(timersOf(version, bgpType)).toStrictEqual(["1m30s", undefined]);
});

it.each(["0.14.9", "0.15.2", "0.16.2"])(
  `${fault(75)}: FRR's own timers hold with MetalLB %s where none is given`,
  (version) => {
    expect(timersOf(version, "frr")).toStrictEqual([undefined, undefined]);
    expect(timersOf(version, "frr", { keepaliveTime: "120s" })).toStrictEqual([undefined, "2m0s"]);
    expect(timersOf(version, "frr", { holdTime: "1m30s" })).toStrictEqual(["1m30s", undefined]);
    expect(timersOf(version, "frr", { holdTime: "0s", keepaliveTime: "0s" })).toStrictEqual(["0s", "0s"]);
  },
);

it(`${fault(75)}: MetalLB 0.9 is given what is written, and nothing where that is its default`, () => {
  const line = (timers: object) => /hold-time: .*/.exec(configText(configOf("0.9.6", "native", timers)))?.[0];
  expect([line({}), line({ holdTime: "90s" }), line({ holdTime: "0s" }), line({ holdTime: "2m30s" })]).toStrictEqual([
    undefined,
    undefined,
    "hold-time: 0s",
    "hold-time: 2m30s",
  ]);
});
