import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import packageJson from "../package.json";
import { fault } from "./faults";
import { useless } from "./packed-files";

// What npm pack puts into the package. That it works is held by __tests__/registry/package.test.ts.

const project = resolve(__dirname, "..");

/** The files that npm would pack of a folder, without the build before. */
function packed(folder: string): string[] {
  const words = ["pack", "--dry-run", "--ignore-scripts", "--json"];
  const [listing] = JSON.parse(execFileSync("npm", words, { cwd: folder, encoding: "utf8", stdio: "pipe" }));
  return listing.files.map(({ path }: { path: string }) => path).sort();
}

test("of this tree it is what users have use for, and all of it", () => {
  const files = packed(project);
  expect(useless(files)).toEqual([]);
  const needed = [
    ...["cdktf.json", "cli/bin.js", "cluster.example.yaml", "cluster.schema.json", "README.md", "LICENSE"],
    ...["apply", "drift", "gitlab-ci", "pull-request"].map((name) => `docs/ci/${name}.yml`),
    ...["docs/own-repository.md", "docs/api.md", "docs/pictures/overview.svg"],
  ];
  expect(needed.filter((file) => !files.includes(file))).toEqual([]);
});

describe("of a folder", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
    cpSync(join(project, "package.json"), join(folder, "package.json"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (paths: readonly string[]) => {
    for (const path of paths) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), "{}");
    }
  };

  test(`${fault(242)}: state, keys, clusters and what programs made stay where they are`, () => {
    const files = ["LICENSE", "README.md", "cli/bin.js", "dist/main.js", "dist/stacks/nodes/scripts/a.sh", "docs/a.md"];
    write(files);
    write([
      ...["cluster.yaml", "search.yaml", ".state/search/nodes.tfstate", "terraform.tfstate", "id_ed25519", ".env"],
      ...["cdktf.out/stacks/nodes/plan", "cdktf.out/stacks/nodes/cdk.tf.json", "hcl.out/stacks/nodes/main.tf"],
      ...["cdktf.out.move/stacks/nodes/errored.tfstate", "node_modules/a/index.js", ".cache/a.js", "cdktf.log"],
      ...["__tests__/a.test.ts", "lab/main.ts", "lab/guest/init.sh", "bench/main.ts", "bench/README.md", "hcl/main.ts"],
      ...[
        "main.ts",
        "cli/main.ts",
        "stacks/nodes/scripts/a.sh",
        "docs/versions-document.ts",
        ".github/workflows/a.yml",
      ],
      ...[
        "baremetal-lb-0.1.0.tgz",
        "metallb-v0.15.2-native.yaml",
        "tsconfig.json",
        "jest.config.js",
        "CONTRIBUTING.md",
      ],
    ]);
    expect(packed(folder)).toStrictEqual([...files, "package.json"].sort());
  });
});

test("what package.json says of the package's files agrees: every way in is packed", () => {
  const { bin, exports, main, types } = packageJson;
  expect(exports["."]).toStrictEqual({ types: `./${types}`, default: `./${main}` });
  expect(exports["./app"]).toBe("./dist/main.js");
  expect(existsSync(join(project, bin["baremetal-lb"]))).toBe(true);
  expect(existsSync(join(project, exports["./cluster.schema.json"]))).toBe(true);
  const { files } = JSON.parse(readFileSync(join(project, "tsconfig.package.json"), "utf8"));
  expect(files).toStrictEqual(["index.ts", "main.ts", "cli/main.ts"]);
});

test(`${fault(240)}: CDKTF is a peer, in the versions that the providers take, and tested with one of them`, () => {
  const provider = JSON.parse(
    readFileSync(join(project, "node_modules/@cdktf/provider-kubernetes/package.json"), "utf8"),
  );
  expect(packageJson.peerDependencies).toStrictEqual(provider.peerDependencies);
  expect(Object.keys(packageJson.dependencies).filter((name) => name in packageJson.peerDependencies)).toEqual([]);
  const { cdktf, constructs } = packageJson.devDependencies;
  expect({ cdktf: `^${cdktf}`, constructs: `^${constructs}` }).toStrictEqual(packageJson.peerDependencies);
});
