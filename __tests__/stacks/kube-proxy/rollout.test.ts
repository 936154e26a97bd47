import { rolloutMinutes, rolloutSteps } from "../../../stacks/kube-proxy/rollout";

const worker = (name: string) => ({ name, role: "worker" as const });
const nodes = [{ name: "m1", role: "control-plane" as const }, ...["w1", "w2", "w3", "w4"].map(worker)];
const names = (maxUnavailable?: number | string) =>
  rolloutSteps(nodes, maxUnavailable).map((step) => step.map(({ name }) => name).join(" "));

describe("the steps of a roll", () => {
  test.each([
    [undefined, ["w1", "w2", "w3", "w4", "m1"]],
    [1, ["w1", "w2", "w3", "w4", "m1"]],
    [3, ["w1", "w2 w3 w4", "m1"]],
    ["40%", ["w1", "w2 w3", "w4 m1"]],
    // Rounded up, as a DaemonSet does it.
    ["1%", ["w1", "w2", "w3", "w4", "m1"]],
    ["100%", ["w1", "w2 w3 w4 m1"]],
    [9, ["w1", "w2 w3 w4 m1"]],
  ])("with maxUnavailable %s: one alone, workers first, then as many as may be", (maxUnavailable, steps) => {
    expect(names(maxUnavailable)).toEqual(steps);
  });

  test("a control plane alone goes node by node, too", () => {
    expect(rolloutSteps(nodes.slice(0, 1), 1)).toEqual([[nodes[0]]]);
    expect(rolloutSteps([], 1)).toEqual([]);
  });

  test.each([
    [3, 1, { least: 1, most: 2 }],
    [100, 1, { least: 15, most: 65 }],
    [100, "10%", { least: 5, most: 11 }],
    [1000, 1, { least: 150, most: 650 }],
    [1000, "10%", { least: 35, most: 41 }],
  ])("%s nodes with maxUnavailable %s take %j minutes", (count, maxUnavailable, minutes) => {
    expect(rolloutMinutes(count, maxUnavailable)).toEqual(minutes);
  });
});
