import { spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { dependencies, devDependencies } from "../../package.json";
import { run } from "../../lab/command";
import { fault } from "../faults";

// The project with cdktn in CDKTF's place, made in a folder of its own by the command that docs/adr/0001-cdktf.md names.

const project = resolve(__dirname, "../..");
const cdktn = "0.24.0";
const stacks = ["nodes", "kube-proxy", "metallb"];

/** Why the package cannot be had; undefined where it can. */
function unavailable(): string | undefined {
  const view = ["view", `cdktn@${cdktn}`, "version", "--fetch-retries=0", "--fetch-timeout=20000"];
  const { status, stdout, stderr } = spawnSync("npm", view, { cwd: tmpdir(), encoding: "utf8", timeout: 60_000 });
  if (status === 0 && stdout.trim() === cdktn) return undefined;
  return `npm ${view.join(" ")}: ${stderr.trim() || "no answer"}`;
}

const reason = unavailable();
if (reason !== undefined) console.warn(`SKIPPED: the project with cdktn, which cannot be had: ${reason}`);

(reason === undefined ? describe : describe.skip)("with cdktn in CDKTF's place", () => {
  const scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-cdktn-"));
  const successor = join(scratch, "project");
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const checked = async (
    cwd: string,
    timeoutSeconds: number,
    command: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ) => {
    const { code, output } = await run(command, { cwd, timeoutSeconds, env: { ...process.env, ...env } });
    if (code !== 0) throw new Error(`${command.join(" ")}: ${code}\n${output}`);
    return output;
  };

  beforeAll(async () => {
    const left = ["node_modules", ".git", ".cache", ".state", "cdktf.out", "hcl.out"];
    cpSync(project, successor, { recursive: true, filter: (path) => !left.includes(relative(project, path)) });
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
      dependencies: { ...dependencies, cdktf: `npm:cdktn@${cdktn}`, constructs: "10.6.0" },
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

    expect([before.versions, after.versions]).toEqual([[dependencies.cdktf], [cdktn]]);
    expect(after.parsed).toStrictEqual(before.parsed);
  }, 250_000);

  test(`${fault(162)}: the tests of stacks and constructs pass`, async () => {
    const jest = ["node", "node_modules/jest/bin/jest.js", "__tests__/stacks/.*(/constructs/|-stacks?\\.test)"];
    const output = await checked(successor, 280, jest);
    expect(output).toMatch(/Tests: +1[5-9]\d passed|Tests: +[2-9]\d\d passed/);
  }, 300_000);
});
