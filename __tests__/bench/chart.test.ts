import { readFileSync } from "node:fs";
import { join } from "node:path";
import { chart } from "../../bench/chart";
import { comparison, scale } from "./figures";

test("the chart of these figures is this picture", () => {
  expect(chart(comparison, scale)).toBe(readFileSync(join(__dirname, "chart.svg"), "utf8"));
});

test("a slower run makes the bar longer, and all others of its panel shorter", () => {
  const { Ansible, ...others } = comparison.seconds;
  const slower = { ...comparison, seconds: { ...others, Ansible: { ...Ansible, drift: [10, 60, 120] } } };
  const widths = (of: typeof comparison) =>
    [...chart(of, scale).matchAll(/<rect class="(?:ours|other)".* width="([\d.]+)"/g)].map(([, width]) =>
      Number(width),
    );
  const [before, after] = [widths(comparison).slice(6, 9), widths(slower).slice(6, 9)];
  expect(before).toEqual([40, 133.3, 26.7]);
  expect(after).toEqual([10, 100, 6.7]);
});
