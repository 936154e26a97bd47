import { printing } from "../../lab/progress";

test("a step is announced when it takes long, and its end says how it went", async () => {
  const lines: string[] = [];
  const progress = printing((line) => lines.push(line));
  expect(await progress.step("short", async () => 1)).toBe(1);
  await expect(progress.step("long", () => Promise.reject(new Error("broken")), "minutes")).rejects.toThrow("broken");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatch(/^ {2}✓ short +\d+\.\d s$/);
  expect(lines[1]).toBe("  … long (minutes)");
  expect(lines[2]).toMatch(/^ {2}✗ long +\d+\.\d s$/);
});
