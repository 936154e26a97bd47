import { type DriftStatus, worst } from "../../day-two/drift";

test.each<[DriftStatus[], DriftStatus]>([
  [["in-sync", "in-sync"], "in-sync"],
  [["in-sync", "drifted"], "drifted"],
  [["drifted", "failed", "in-sync"], "failed"],
  [["not-deployed", "not-deployed"], "not-deployed"],
  [["not-deployed", "in-sync"], "drifted"],
  [["not-deployed", "failed"], "failed"],
])("parts that are %j make a cluster that is %s", (parts, whole) => {
  expect(worst(parts)).toBe(whole);
});
