import { execFileSync } from "node:child_process";
import { relative } from "node:path";
import { repository } from "../../lab/lab-settings";

// Which files `npm run test:lab -- …` runs.
const chosen = (...args: string[]): string[] =>
  execFileSync("npm", ["run", "--silent", "test:lab", "--", ...args, "--listTests"], {
    cwd: repository,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  })
    .split("\n")
    .filter((line) => line !== "")
    .map((file) => relative(repository, file))
    .sort();

test("the core's alone, the matrix too with --all, and of these what is named", () => {
  const core = chosen();
  expect(core).toContain("__tests__/lab/core/core.test.ts");
  expect(core.filter((file) => !/^__tests__\/lab\/core\/[a-z-]+\.test\.ts$/.test(file))).toEqual([]);
  const matrix = chosen("--all").filter((file) => !core.includes(file));
  expect(matrix).toContain("__tests__/lab/matrix/bgp.test.ts");
  expect(matrix.filter((file) => !/^__tests__\/lab\/matrix\/[a-z0-9.-]+\.test\.ts$/.test(file))).toEqual([]);
  expect(chosen("--all", "opentofu")).toEqual(["__tests__/lab/matrix/opentofu.test.ts"]);
  expect(chosen("opentofu")).toEqual([]);
});
