import { readFileSync } from "node:fs";
import { join } from "node:path";
import { knownErrors } from "../../remote/terraform/known-errors";
import { project } from "./markdown";

const text = readFileSync(join(project, "docs/terraform-errors.md"), "utf8");
const rows = [...text.matchAll(/^\| `([^`]+)`/gm)].map(([, said = ""]) => said);
const knownAs = (said: string) => knownErrors.findIndex(({ says }) => says.test(said));

test.each(rows)("%s is told in our words", (said) => {
  expect(knownAs(said)).toBeGreaterThanOrEqual(0);
});

test("every error that is told in our words has a row, but for those that are in our words already", () => {
  const found = new Set(rows.map(knownAs));
  const without = knownErrors.filter((_, index) => !found.has(index)).map(({ says }) => says.source);
  expect(without).toEqual(["^Resource (?:pre|post)condition failed", "^Invalid value for variable"]);
});
