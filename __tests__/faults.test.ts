import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fault, rows } from "./faults";
import { faultsDocument } from "./faults/document";
import { faultsIn, locations } from "./faults/locations";

describe("the table of faults", () => {
  test("gives each row a number and a slug of its own", () => {
    expect(new Set(rows.map(({ number }) => number)).size).toBe(rows.length);
    expect(new Set(rows.map(({ slug }) => slug)).size).toBe(rows.length);
    expect(rows.map(({ slug }) => slug).filter((slug) => !/^[a-z0-9]+(-[a-z0-9]+)*$/.test(slug))).toEqual([]);
  });

  test("gives an id for a title, and refuses a number without a row", () => {
    expect(fault(1)).toBe("fault-01-unreadable-file");
    expect(fault(17)).toBe("fault-17-node-unreachable");
    expect(() => fault(0)).toThrow("there is no fault 0 in __tests__/faults");
  });

  test("every row has a test", () => {
    const tested = locations();
    expect(rows.map(({ number }) => number).filter((number) => !tested.has(number))).toEqual([]);
  });

  test("a title with the call counts, a mention does not", () => {
    // In two pieces, or this file would count as a test of them.
    const call = (number: number): string => "${" + `fault(${number})}`;
    expect(faultsIn(`test("${call(3)}, ${call(4)}: x"); // like fault(5)`)).toEqual(new Set([3, 4]));
  });

  test("a test file is named after its subject, and not after a fault", () => {
    const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" });
    expect(files.filter((file) => /fault-\d+/.test(file))).toEqual([]);
  });

  test("docs/faults.md is made from it: npm run faults", () => {
    expect(readFileSync(join(__dirname, "../docs/faults.md"), "utf8")).toBe(faultsDocument());
  });
});
