import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { check } from "../../cli/check";
import { type NewOptions, newRepository } from "../../day-two/new/new-repository";
import { run } from "../../lab/command";
import { makeOwnRepository } from "../../lab/own-repository";
import { devDependencies, version } from "../../package.json";
import { fault } from "../faults";
import { useless } from "../packed-files";
import { ecdsaKey } from "../remote/ssh/keys";
import { upstreamManifestFile } from "../stacks/metallb/upstream-manifest";
import { checked, copyProject, project, unavailable } from "./npm";

// The project as its users have it: packed, and installed in a folder of its own.

const reason = unavailable("cdktf", devDependencies.cdktf);
if (reason !== undefined) console.warn(`SKIPPED: the package, whose dependencies cannot be had: ${reason}`);

const withoutQuestions = { CI: "1", CHECKPOINT_DISABLE: "1", DISABLE_VERSION_CHECK: "true" };
const quick = ["--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];

(reason === undefined ? describe : describe.skip)("the package, installed elsewhere", () => {
  const scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-package-"));
  afterAll(() => rmSync(scratch, { recursive: true, force: true }));

  const tarball = join(scratch, `baremetal-lb-${version}.tgz`);
  const repository = join(scratch, "repository");
  const installed = join(repository, "node_modules/baremetal-lb");
  const options: NewOptions = { example: true, ci: "github", package: tarball };

  beforeAll(async () => {
    const clone = join(scratch, "clone");
    copyProject(clone);
    symlinkSync(join(project, "node_modules"), join(clone, "node_modules"));
    // As npm run lab -- --packed does.
    await makeOwnRepository(repository, { tarballs: scratch, tree: clone, words: ["--example", "--ci", "github"] });
    expect(readdirSync(clone)).not.toContain("dist");
  }, 1_030_000);

  const filesBelow = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .sort();

  test(`${fault(242)}: has what users have use for, and nothing else`, () => {
    const files = filesBelow(installed).filter((file) => !file.startsWith("node_modules/"));
    expect(useless(files)).toEqual([]);
    expect(files).toEqual(expect.arrayContaining(["dist/index.js", "dist/index.d.ts", "dist/main.js"]));
  });

  test(`${fault(239)}: has every script that nodes run`, () => {
    const scripts = (folder: string) =>
      ["stacks", "day-two"].flatMap((room) =>
        filesBelow(join(folder, room))
          .filter((file) => file.endsWith(".sh"))
          .map((file) => [`${room}/${file}`, readFileSync(join(folder, room, file), "utf8")]),
      );
    expect(scripts(project).length).toBeGreaterThan(30);
    expect(scripts(join(installed, "dist"))).toStrictEqual(scripts(project));
  });

  test(`${fault(239)}: makes the repository that this tree makes`, async () => {
    const words = ["npx", "baremetal-lb", "new", "../again", "--example", "--ci", "github", "--package", tarball];
    expect(await checked(repository, 60, words)).toContain("../again is made: ");
    const texts = (folder: string) =>
      filesBelow(folder).map((file) => [
        file,
        readFileSync(join(folder, file), "latin1").replace(/"projectId": ".*"/, "an id"),
      ]);
    newRepository(join(scratch, "ours", "again"), options);
    expect(texts(join(scratch, "again"))).toStrictEqual(texts(join(scratch, "ours", "again")));
  }, 60_000);

  test(`${fault(239)}: checks the example as this tree does`, async () => {
    const home = join(scratch, "home");
    const kubeconfig = "apiVersion: v1\nkind: Config\ncontexts: [{ name: kubernetes-admin@kubernetes, context: {} }]\n";
    for (const [path, text] of [
      [".kube/config", kubeconfig],
      [".ssh/id_ed25519", ecdsaKey().private],
    ] as const) {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), text, { mode: 0o600 });
    }
    const { stdout } = check({ config: join(project, "cluster.example.yaml"), json: false }, {}, home);
    // npm's own folder is the home directory's.
    const words = ["node_modules/.bin/baremetal-lb", "check"];
    expect(await checked(repository, 60, words, { HOME: home })).toBe(stdout);
  }, 60_000);

  /** Each stack's JSON, by its name. */
  const stacksIn = (outdir: string) =>
    Object.fromEntries(
      readdirSync(join(outdir, "stacks")).map((stack) => [
        stack,
        readFileSync(join(outdir, "stacks", stack, "cdk.tf.json"), "utf8"),
      ]),
    );
  async function ofThisTree(file: string) {
    const outdir = join(mkdtempSync(join(scratch, "tree-")), "cdktf.out");
    const environment = { CLUSTER_CONFIG: file, CDKTF_OUTDIR: outdir };
    await checked(project, 120, ["node", "--import", "tsx", "main.ts"], environment);
    return stacksIn(outdir);
  }

  test(`${fault(239)}: cdktf synthesises the stacks that this tree makes, beside the states`, async () => {
    const output = await checked(repository, 120, ["npx", "cdktf", "synth"], withoutQuestions);
    expect(output).toContain("Generated Terraform code for the stacks: kube-proxy, metallb, nodes");
    const ours = await ofThisTree(join(repository, "cluster.yaml"));
    expect(Object.keys(ours)).toStrictEqual(["kube-proxy", "metallb", "nodes"]);
    expect(stacksIn(join(repository, "cdktf.out"))).toStrictEqual(ours);
    expect(readdirSync(join(repository, ".state/search")).filter((name) => !name.endsWith(".backup"))).toStrictEqual([
      "kube-proxy.tfstate",
      "metallb.tfstate",
      "nodes.tfstate",
    ]);
  }, 250_000);

  describe("in a CDKTF application of one's own, that of docs/own-repository.md", () => {
    const document = readFileSync(join(project, "docs/own-repository.md"), "utf8");
    const [, example = ""] = /^```ts\n([^]*?)^```/m.exec(document) ?? [];
    // As CDKTF's template for TypeScript has them, as far as they decide about types. What it compiles with is there, by its CLI.
    const compilerOptions = {
      target: "ES2018",
      lib: ["es2018"],
      module: "CommonJS",
      strict: true,
      skipLibCheck: true,
      outDir: "out",
      types: ["node"],
    };
    const wrong = `
import { NodesStack } from "baremetal-lb";
import { App } from "cdktf";
// @ts-expect-error: a stack has its props.
new NodesStack(new App(), "nodes", {});
`;

    test("the types fit, and it is compiled", async () => {
      writeFileSync(join(repository, "main.ts"), example);
      writeFileSync(join(repository, "wrong.ts"), wrong);
      writeFileSync(join(repository, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
      expect(await checked(repository, 120, ["npx", "tsc"])).toBe("");
    }, 120_000);

    test("its stacks are those of this tree, with one of its own; of MetalLB 0.15, too", async () => {
      const file = join(repository, "newer.yaml");
      const text = readFileSync(join(project, "cluster.example.yaml"), "utf8")
        .replace(`version: "1.18"`, `version: "1.35"`)
        .replace("  version: 0.9.5\n", `  version: 0.15.2\n  manifest: ${upstreamManifestFile("0.15.2")}\n`);
      writeFileSync(file, text);
      const outdir = join(scratch, "own", "cdktf.out");
      mkdirSync(dirname(outdir));
      const environment = { CLUSTER_CONFIG: file, CDKTF_OUTDIR: outdir };
      await checked(repository, 120, ["node", "out/main.js"], environment);
      const { yours = "", ...ofProject } = stacksIn(outdir);
      expect(JSON.parse(yours).output).toStrictEqual({ pools: { value: ["default"] } });
      const ours = await ofThisTree(file);
      expect(Object.keys(ours)).toHaveLength(5);
      expect(ofProject).toStrictEqual(ours);
      const { stacks } = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
      expect(stacks.yours.dependencies).toStrictEqual(["metallb"]);
      expect(stacks.metallb.dependencies).toStrictEqual(["address-pools"]);
    }, 250_000);

    test(`${fault(240)}: npm refuses another CDKTF than the stacks are made for`, async () => {
      const other = join(scratch, "other");
      newRepository(other, { package: tarball });
      const install = ["npm", "install", "--package-lock-only", ...quick, "cdktf@0.20.12", "cdktf-cli@0.20.12"];
      const { code, output } = await run(install, { cwd: other, timeoutSeconds: 300 });
      expect(code).not.toBe(0);
      expect(output).toContain("ERESOLVE");
      expect(output).toContain('peer cdktf@"^0.21.0" from baremetal-lb@');
    }, 320_000);
  });
});
