import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openProject, synthesise } from "../../../remote/terraform/project";
import { UserError } from "../../../values/user-error";
import { fault } from "../../faults";
import { ProjectFixture } from "./project-fixture";

describe("a project", () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(() => fixture.dispose());

  test("takes its output folder from the option, the environment, or cdktf.json, in this order", () => {
    const { folder } = fixture;
    const outdir = (environment: Record<string, string>, output?: string) =>
      openProject(folder, environment, { output }).outdir;
    expect(outdir({ CDKTF_OUTDIR: "/b" }, "/a")).toBe("/a");
    expect(outdir({ CDKTF_OUTDIR: "/b" })).toBe("/b");
    expect(outdir({})).toBe(join(folder, "out"));
    writeFileSync(join(folder, "cdktf.json"), '{ "app": "true" }');
    expect(outdir({})).toBe(join(folder, "cdktf.out"));
  });

  test("synthesis runs the app with the output folder, and gives each stack behind those it depends on", async () => {
    fixture.stacks({ metallb: { dependencies: ["kube-proxy"] }, "kube-proxy": { dependencies: ["nodes"] }, nodes: {} });
    writeFileSync(join(fixture.folder, "cdktf.json"), '{ "app": "echo $CDKTF_OUTDIR > seen", "output": "out" }');
    const { project } = fixture;
    expect(await synthesise(project)).toEqual(
      ["nodes", "kube-proxy", "metallb"].map((name) => ({ name, folder: join(project.outdir, "stacks", name) })),
    );
    expect(readFileSync(join(fixture.folder, "seen"), "utf8")).toBe(`${project.outdir}\n`);
  });

  test("an app that fails is an error with what it printed", async () => {
    writeFileSync(join(fixture.folder, "cdktf.json"), '{ "app": "echo a mistake >&2; exit 1" }');
    await expect(synthesise(fixture.project)).rejects.toThrow("'echo a mistake >&2; exit 1' failed:\na mistake");
  });

  test(`${fault(233)}: packages that are not installed are named, with the command that installs them`, async () => {
    writeFileSync(join(fixture.folder, "cdktf.json"), '{ "app": "node --import tsx main.ts" }');
    await expect(synthesise(fixture.project)).rejects.toThrow(
      new UserError(
        `'node --import tsx main.ts' failed: tsx is not there: install this project's packages with npm ci, in its folder\nError [ERR_MODULE_NOT_FOUND]: Cannot find package 'tsx' imported from ${fixture.folder}/`,
      ),
    );
  });

  test("a folder without cdktf.json is an error that says where to be", () => {
    expect(() => openProject("/nowhere", {})).toThrow(
      "there is no cdktf.json in /nowhere: run this in the project's folder",
    );
  });
});
