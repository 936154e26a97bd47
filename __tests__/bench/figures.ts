import type { Comparison, Cost, Scale } from "../../bench/figures";

// Figures made up for the tests of what is drawn of them.

const circumstances = {
  date: "2026-01-02",
  machine: "2 processors (Example), 24 GiB",
  versions: { Terraform: "1.5.0" },
};

const steps = (first: number, again: number, drift: number, undo: number) => {
  const around = (middle: number) => [middle * 1.5, middle, middle / 2];
  return { first: around(first), again: around(again), drift: around(drift), undo: around(undo) };
};

export const comparison: Comparison = {
  ...circumstances,
  seconds: { "by hand": steps(60, 12, 6, 20), Ansible: steps(100, 30, 20, 24), "this project": steps(80, 15, 4, 40) },
};

const cost = (seconds: number, mebibytes: number): Cost => ({
  seconds: [seconds, seconds + 1, seconds - 1],
  mebibytes,
});

const counted = (factor: number) => ({
  synth: cost(1 + factor, 200),
  plan: cost(2 * factor + 2, 600 + factor),
  drift: cost(4 * factor, 1228.8),
  login: cost(3 * factor, 10),
});

const firstRun = ({ seconds, ...cost }: Cost): Cost => ({ ...cost, seconds: seconds.slice(0, 1) });
const once = (nodes: Scale["nodes"][10]): Scale["nodes"][10] => ({
  synth: firstRun(nodes.synth),
  plan: firstRun(nodes.plan),
  drift: firstRun(nodes.drift),
  login: firstRun(nodes.login),
});

export const scale: Scale = { ...circumstances, nodes: { 10: counted(1), 100: counted(5), 1000: once(counted(40)) } };
