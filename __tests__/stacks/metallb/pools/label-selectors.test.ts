import { isAmong, selects, selectorText } from "../../../../stacks/metallb/pools/label-selectors";
import type { LabelSelector } from "../../../../stacks/metallb/schema/selectors";

const expression = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist", ...values: string[]): LabelSelector => ({
  matchExpressions: [{ key: "rack", operator, ...(values.length > 0 && { values }) }],
});

it.each<[LabelSelector, string, boolean, boolean, boolean]>([
  // The selector as kubectl writes it; whether it selects rack=a, rack=c, and what has no such label.
  [{}, "", true, true, true],
  [{ matchLabels: { rack: "a" } }, "rack=a", true, false, false],
  [expression("In", "a", "b"), "rack in (a, b)", true, false, false],
  [expression("NotIn", "a", "b"), "rack notin (a, b)", false, true, true],
  [expression("Exists"), "rack", true, true, false],
  [expression("DoesNotExist"), "!rack", false, false, true],
  [{ matchLabels: { rack: "a" }, ...expression("NotIn", "a") }, "rack=a,rack notin (a)", false, false, false],
])("%j is %j", (selector, text, a, c, none) => {
  expect(selectorText(selector)).toBe(text);
  expect([{ rack: "a" }, { rack: "c" }, undefined].map((labels) => selects(selector, labels))).toStrictEqual([
    a,
    c,
    none,
  ]);
});

it("of several selectors one is enough, and none is no restriction", () => {
  const [a, b] = [{ matchLabels: { rack: "a" } }, { matchLabels: { rack: "b" } }];
  expect(isAmong([], { rack: "c" })).toBe(true);
  expect(isAmong([a, b], { rack: "b" })).toBe(true);
  expect(isAmong([a, b], { rack: "c" })).toBe(false);
});
