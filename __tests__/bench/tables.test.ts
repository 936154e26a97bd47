import { comparisonTable, scaleTable } from "../../bench/tables";
import { comparison, scale } from "./figures";

test("the three ways: medians, with the fastest and the slowest run of each", () => {
  expect(comparisonTable(comparison))
    .toBe(`| a lab of two nodes                            |            by hand |            Ansible |       this project |
| --------------------------------------------- | -----------------: | -----------------: | -----------------: |
| first run, until a host outside has an answer | 60.0 s (30.0–90.0) |   100 s (50.0–150) |  80.0 s (40.0–120) |
| run again, nothing changed                    |  12.0 s (6.0–18.0) | 30.0 s (15.0–45.0) |  15.0 s (7.5–22.5) |
| a look for drift, nothing changed             |    6.0 s (3.0–9.0) | 20.0 s (10.0–30.0) |    4.0 s (2.0–6.0) |
| the way back                                  | 20.0 s (10.0–30.0) | 24.0 s (12.0–36.0) | 40.0 s (20.0–60.0) |
`);
});

test("more nodes: medians, with the peak of memory", () => {
  expect(scaleTable(scale))
    .toBe(`| nodes          |           synth |            plan |           drift | of drift, the logins |
| -------------- | --------------: | --------------: | --------------: | -------------------: |
| 10             |  2.0 s, 200 MiB |  4.0 s, 601 MiB |  4.0 s, 1.2 GiB |                3.0 s |
| 100            |  6.0 s, 200 MiB | 12.0 s, 605 MiB | 20.0 s, 1.2 GiB |               15.0 s |
| 1,000, one run | 41.0 s, 200 MiB | 82.0 s, 640 MiB |  160 s, 1.2 GiB |                120 s |
`);
});

test("figures without a run are refused", () => {
  const { "this project": ours, ...others } = comparison.seconds;
  const without = { ...comparison, seconds: { ...others, "this project": { ...ours, drift: [] } } };
  expect(() => comparisonTable(without)).toThrow("no run was measured");
});
