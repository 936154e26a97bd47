import { readFileSync } from "node:fs";
import { metallbVersions } from "../../stacks/metallb/release/releases";
import { labTests as proofs, proven } from "../../lab/proven";
import { supportOn } from "../../cluster/support";
import { defaultVersions } from "../../lab/versions";

describe("what is proven in the lab", () => {
  const isCore = (test: string) => test.includes("/core/");
  const ofMatrix = Object.entries(proven).filter(([name]) => !name.startsWith("core/"));

  test.each(ofMatrix)("%s takes its versions from the list, and names none itself", (name) => {
    const text = readFileSync(`__tests__/lab/${name}.test.ts`, "utf8");
    expect(text).toContain(`proven["${name}"].runs`);
    const versions = [...metallbVersions, ...proofs.flatMap(({ runs }) => runs.map(({ kubernetes }) => kubernetes))];
    expect(versions.filter((version) => text.includes(version))).toStrictEqual([]);
  });

  test("core runs with the lab's default versions", () => {
    const [core, ...others] = proofs.filter(({ test }) => isCore(test));
    expect(others).toStrictEqual([]);
    expect(readFileSync(core?.test ?? "", "utf8")).toContain("lab.up({ nodes: nodes.length })");
    expect(defaultVersions).toStrictEqual({
      kubernetes: core?.runs[0]?.kubernetes,
      metallb: core?.runs[0]?.metallb[0],
      alsoMetallb: [],
      kernel: "6.1",
    });
  });

  test("is all possible by the matrix", () => {
    const impossible = proofs
      .flatMap(({ runs }) => runs)
      .filter(({ kubernetes, metallb, modes }) => {
        const support = supportOn(kubernetes);
        return (
          !metallb.every((version) => support?.metallb.includes(version)) ||
          modes.some((mode) => support?.modes[mode] === "notYet" || support?.modes[mode] === "removed")
        );
      });
    expect(impossible).toStrictEqual([]);
  });
});
