import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { devDependencies } from "../../package.json";
import { fault } from "../faults";
import { checked, copyProject, project, unavailable } from "./npm";

// The project with cdktn in CDKTF's place, made in a folder of its own by the command that docs/adr/0001-cdktf.md names.

const cdktn = "0.24.0";
const stacks = ["nodes", "kube-proxy", "metallb"];

const reason = unavailable("cdktn", cdktn);
if (reason !== undefined) console.warn(`SKIPPED: the project with cdktn, which cannot be had: ${reason}`);

(reason === undefined ? describe : describe.skip)("with cdktn in CDKTF's place", () => {
  const scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-cdktn-"));
  const successor = join(scratch, "project");
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  beforeAll(async () => {
    copyProject(successor);
    // Of what the stacks need, all is installed; what only tests need is this project's.
    const quick = ["--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
    await checked(successor, 170, ["npm", "run", "use:cdktn", "--", ...quick]);
    for (const name of Object.keys(devDependencies)) {
      const link = join(successor, "node_modules", name);
      mkdirSync(dirname(link), { recursive: true });
      if (!existsSync(link)) symlinkSync(join(project, "node_modules", name), link);
    }
  }, 180_000);

  test(`${fault(162)}: package.json differs in three lines`, () => {
    const read = (folder: string) => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const before = read(project);
    expect(read(successor)).toEqual({
      ...before,
      devDependencies: { ...devDependencies, cdktf: `npm:cdktn@${cdktn}`, constructs: "10.6.0" },
      overrides: { ...before.overrides, cdktf: "$cdktf" },
    });
  });

  test(`${fault(162)}: the example's JSON is the same but for versions`, async () => {
    const synthesised = async (folder: string, name: string) => {
      const outdir = join(scratch, name, "cdktf.out");
      mkdirSync(dirname(outdir));
      const environment = { CLUSTER_CONFIG: join(project, "cluster.example.yaml"), CDKTF_OUTDIR: outdir };
      await checked(folder, 120, ["node", "--import", "tsx", "main.ts"], environment);
      const versions = new Set<string>();
      const texts = stacks.map((stack) => readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"));
      const parsed = texts.map((text) => {
        const { "//": comment, ...configuration } = JSON.parse(text);
        const { version, ...metadata } = comment.metadata;
        versions.add(version);
        return { ...configuration, comment: { ...comment, metadata } };
      });
      return { parsed, versions: [...versions] };
    };
    const before = await synthesised(project, "cdktf");
    const after = await synthesised(successor, "cdktn");

    expect([before.versions, after.versions]).toEqual([[devDependencies.cdktf], [cdktn]]);
    expect(after.parsed).toStrictEqual(before.parsed);
  }, 250_000);

  test(`${fault(162)}: the tests of stacks and constructs pass`, async () => {
    const jest = ["node", "node_modules/jest/bin/jest.js", "__tests__/stacks/.*(/constructs/|-stacks?\\.test)"];
    const output = await checked(successor, 280, jest);
    expect(output).toMatch(/Tests: +1[5-9]\d passed|Tests: +[2-9]\d\d passed/);
  }, 300_000);
});
