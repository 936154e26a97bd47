import { readFileSync } from "node:fs";
import { join } from "node:path";
import { distributions } from "./distributions";

test("docs/distributions.md has the distributions that the scripts are tested with, and what these install there", () => {
  const lines = readFileSync(join(__dirname, "../../../../docs/distributions.md"), "utf8").split("\n");
  const rows = lines.filter((line) => line.startsWith("| ")).map((line) => line.split("|").map((cell) => cell.trim()));
  expect(rows.slice(2).map((cells) => cells.slice(1, 4))).toEqual(
    distributions.map(({ name, manager, modulesPackage }) => [
      name,
      manager ?? "none",
      manager === undefined ? "nothing" : `\`ipset\`, \`ipvsadm\`${modulesPackage ? `; \`${modulesPackage}\`` : ""}`,
    ]),
  );
});
