import { excludedNodes, excludeLabel, isMetallbs, leavesOutExcluded } from "../../day-two/load-balancers";
import { serviceStatus } from "../../day-two/status/services";
import { changesBetween } from "../../day-two/upgrade/changes-between";
import { verifyKubernetesNodes } from "../../day-two/verify/kubernetes-nodes";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { cluster, clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { service } from "./status-cluster";

const config = (version: string) => cluster({ metallb: { ...clusterInput.metallb, version } });
const live = (name: string, address: string, excluded: boolean) => ({
  metadata: { name, labels: (excluded ? { [excludeLabel]: "" } : {}) as Record<string, string> },
  status: { addresses: [{ type: "InternalIP", address }], conditions: [{ type: "Ready", status: "True" }] },
});
const nodes = (...excluded: boolean[]) => [
  live("node1", "192.168.1.10", excluded[0] === true),
  live("rack1.node2", "192.168.1.11", excluded[1] === true),
];
const checks = async (version: string, items: ReturnType<typeof nodes>) => {
  const core = { listNode: () => Promise.resolve({ items }) };
  const found = await verifyKubernetesNodes({ core } as unknown as KubernetesApi, config(version));
  return found.filter(({ id }) => id === "metallb.excluded-node").map(({ status, text }) => `${status}: ${text}`);
};

describe(`${fault(88)}: nodes that load balancers leave out`, () => {
  it("are those with the label, whatever its value", () => {
    expect(excludedNodes(nodes(true, false))).toEqual(["node1"]);
  });

  it.each([
    ["0.13.12", false],
    ["0.14.9", true],
    ["0.16.2", true],
  ] as const)("MetalLB %s leaves them out: %p, unless it is told not to", (version, expected) => {
    const { metallb } = config(version);
    expect(leavesOutExcluded(metallb)).toBe(expected);
    expect(leavesOutExcluded({ ...metallb, ignoreExcludeLB: true })).toBe(false);
  });

  it("are named by verify, which fails where it is all of them", async () => {
    const all = `failed: no node announces anything: every node is excluded (labelled ${excludeLabel})`;
    expect(await checks("0.15.2", nodes(true, true))).toEqual([all]);
    expect(await checks("0.15.2", nodes(true, false))).toEqual([
      `skipped: node1: announces nothing, since it is labelled ${excludeLabel}`,
    ]);
    expect(await checks("0.15.2", nodes(false, false))).toEqual([]);
    expect(await checks("0.13.12", nodes(true, true))).toEqual([]);
  });

  it("are why nobody announces, in status, where it is all of them", () => {
    const announcements = { found: [], complete: true, notes: [] };
    const notes = (version: string, ...excluded: boolean[]) =>
      serviceStatus([service("web", "192.168.1.240")], config(version), { announcements, nodes: nodes(...excluded) })
        .notes;
    const head = "Service default/web has 192.168.1.240, and no node announces it: ";
    expect(notes("0.15.2", true, true)).toEqual([
      `${head}every node is excluded (labelled ${excludeLabel}): set metallb.ignoreExcludeLB: true, or take the label away`,
    ]);
    expect(notes("0.15.2", true, false)).toEqual([`${head}see whether it has ready endpoints`]);
  });

  it("are said by upgrade, for a move to 0.14.2 or later", () => {
    const said = (from: string, to: string) =>
      changesBetween(from, config(to).metallb).filter((line) => line.includes(excludeLabel)).length;
    expect([said("0.13.12", "0.14.9"), said("0.14.2", "0.15.2"), said("0.9.6", "0.13.12")]).toEqual([1, 0, 0]);
  });
});

it(`${fault(86)}: a Service of another class is none of MetalLB's from 0.13 on, and is not in status`, () => {
  const one = { ...service("ts-app", "100.101.102.103") };
  const other = { ...one, spec: { ...one.spec, loadBalancerClass: "tailscale" } };
  expect(isMetallbs(other, { version: "0.9.6" })).toBe(true);
  expect(isMetallbs(other, { version: "0.13.12" })).toBe(false);
  const announcements = { found: [], complete: true, notes: [] };
  const status = (version: string) => serviceStatus([other], config(version), { announcements, nodes: [] });
  expect(status("0.15.2")).toEqual({ status: [], notes: [] });
  expect(status("0.9.6").status.map(({ name }) => name)).toEqual(["default/ts-app"]);
});

it(`${fault(138)}: nothing is said of an address that something else announces`, () => {
  const metallb = { version: "0.15.2", pools: [{ name: "p", addresses: ["192.168.1.240/32"] }] };
  const notes = (protocol: string) => {
    const pools = metallb.pools.map((pool) => ({ ...pool, protocol }));
    const announcements = { found: [], complete: true, notes: [] };
    const declared = cluster({ metallb: { ...metallb, pools } });
    return serviceStatus([service("web", "192.168.1.240")], declared, { announcements, nodes: [] }).notes.length;
  };
  expect([notes("layer2"), notes("none")]).toEqual([1, 0]);
});
