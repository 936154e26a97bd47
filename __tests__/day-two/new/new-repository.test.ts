import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { readCluster } from "../../../cluster/read";
import { type NewOptions, newRepository } from "../../../day-two/new/new-repository";
import { schemaFrom } from "../../../day-two/init/schema-for-editors";
import { devDependencies, overrides, version } from "../../../package.json";
import { fault } from "../../faults";

const project = resolve(__dirname, "../../..");

describe("new", () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  const folder = () => join(scratch, "search");
  const make = (options: NewOptions = {}) => newRepository(folder(), options);
  const read = (path: string) => readFileSync(join(folder(), path), "utf8");
  const all = () =>
    readdirSync(folder(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder().length + 1))
      .sort();

  test("writes what a repository needs, and says what", () => {
    const files = make();
    expect(files).toStrictEqual([".gitignore", "README.md", "cdktf.json", "package.json"]);
    expect(all()).toStrictEqual(files);
  });

  test("names exactly the versions that this one was tested with", () => {
    make();
    const terminal = "@cdktf/node-pty-prebuilt-multiarch";
    expect(JSON.parse(read("package.json"))).toStrictEqual({
      private: true,
      scripts: {
        check: "baremetal-lb check",
        diff: "baremetal-lb diff",
        deploy: "cdktf deploy '*'",
        drift: "baremetal-lb drift",
      },
      dependencies: {
        [terminal]: devDependencies[terminal],
        "baremetal-lb": version,
        cdktf: devDependencies.cdktf,
        "cdktf-cli": devDependencies["cdktf-cli"],
        constructs: devDependencies.constructs,
      },
      overrides: { [terminal]: overrides[terminal] },
    });
  });

  test("gives cdktf this project's settings, an app that Node.js finds, and an id of its own", () => {
    make();
    const ours = JSON.parse(readFileSync(join(project, "cdktf.json"), "utf8"));
    const { projectId, ...made } = JSON.parse(read("cdktf.json"));
    expect(made).toStrictEqual({ ...withoutId(ours), app: `node -e "require('baremetal-lb/app')"` });
    expect(projectId).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(projectId).not.toBe(ours.projectId);
  });

  test("README has the next commands, in ten lines", () => {
    make();
    expect(read("README.md")).toBe(`# search

LoadBalancer Services for a bare-metal cluster, by [baremetal-lb](node_modules/baremetal-lb/README.md).

\`\`\`sh
npm install                # and commit package-lock.json
npx baremetal-lb init      # asks the cluster of your kubeconfig, and writes cluster.yaml
npx baremetal-lb trust     # reads the nodes' SSH host keys, and records them
npx baremetal-lb check     # what is wrong with cluster.yaml, or what would be built
npx baremetal-lb diff      # what a deploy would do
npx cdktf deploy '*'
\`\`\`

Later: \`npx baremetal-lb --help\`. A newer one: \`npm install --save-exact baremetal-lb@VERSION\`, and look at \`diff\` again.
`);
  });

  test("Terraform's state stays out of it, and cluster.yaml does not", () => {
    make();
    const lines = read(".gitignore").split("\n");
    expect(lines).toEqual(expect.arrayContaining([".state/", "*.tfstate", "*.tfstate.*", "node_modules/"]));
    expect(lines.filter((line) => /cluster|package|lock/.test(line))).toStrictEqual([]);
  });

  describe("--example", () => {
    test("is the example as cluster.yaml, without a problem", () => {
      expect(make({ example: true })).toContain("cluster.yaml");
      const { config, problems } = readCluster(read("cluster.yaml"), "cluster.yaml");
      expect(problems).toStrictEqual([]);
      expect(config?.name).toBe("search");
      expect(read("cluster.yaml")).toContain(
        "# The cluster that baremetal-lb looks after. This is an example: describe",
      );
      expect(read("README.md")).not.toContain("baremetal-lb init");
    });

    test(`${fault(241)}: names the schema in the package`, () => {
      make({ example: true });
      const schema = "./node_modules/baremetal-lb/cluster.schema.json";
      expect(read("cluster.yaml").split("\n")[0]).toBe(`# yaml-language-server: $schema=${schema}`);
      mkdirSync(join(folder(), "node_modules/baremetal-lb"), { recursive: true });
      writeFileSync(join(folder(), schema), "{}");
      expect(schemaFrom(folder())).toBe(schema);
    });
  });

  describe("--ci", () => {
    const workflow = (name: string) => readFileSync(join(project, "docs/ci", name), "utf8");

    test.each([
      ["github", ["apply.yml", "drift.yml", "pull-request.yml"], ".github/workflows/"],
      ["gitlab", ["gitlab-ci.yml"], ""],
    ] as const)("%s: the workflows of docs/ci, without the line that says where to copy them", (ci, names, below) => {
      const target = (name: string) => (ci === "gitlab" ? ".gitlab-ci.yml" : `${below}${name}`);
      const files = make({ ci });
      expect(files).toEqual(expect.arrayContaining(names.map(target)));
      for (const name of names) {
        expect(read(target(name))).not.toMatch(/^# Copy/);
        expect(parse(read(target(name)))).toStrictEqual(parse(workflow(name)));
      }
      expect(read("README.md")).toMatch(
        /\nThe workflows' secrets and runners: \[docs\/ci\]\(node_modules\/baremetal-lb\/docs\/ci\/README\.md\)\.\n$/,
      );
    });
  });

  describe(`${fault(237)}: a folder that is not empty`, () => {
    const refusal = (message: string) => {
      expect(() => make()).toThrow(expect.objectContaining({ name: "UserError", message }));
    };

    test("is left as it is", () => {
      mkdirSync(folder());
      for (const name of ["a", "b", "c", "d", "e"]) writeFileSync(join(folder(), name), name);
      refusal(
        `${folder()} has files in it (a, b, c and 2 more), and new overwrites nothing: name a folder that is empty, or is not there yet`,
      );
      expect(all()).toStrictEqual(["a", "b", "c", "d", "e"]);
    });

    test("may be a file", () => {
      writeFileSync(folder(), "mine");
      refusal(`${folder()} is a file: name a folder that is empty, or is not there yet`);
    });

    test("may have .git in it, as a clone of an empty repository has", () => {
      mkdirSync(join(folder(), ".git"), { recursive: true });
      expect(make()).toContain("package.json");
    });
  });

  test("a folder that cannot be made is said", () => {
    writeFileSync(join(scratch, "file"), "");
    const inFile = join(scratch, "file", "search");
    expect(() => newRepository(inFile, {})).toThrow(expect.objectContaining({ name: "UserError" }));
  });

  describe("--package", () => {
    const dependency = () => JSON.parse(read("package.json")).dependencies["baremetal-lb"];

    test("is what package.json says of it", () => {
      make({ package: "github:example/baremetal-lb#v1" });
      expect(dependency()).toBe("github:example/baremetal-lb#v1");
    });

    test("is a tarball, which is copied, so that CI has it", () => {
      const tarball = join(scratch, "baremetal-lb-9.9.9.tgz");
      writeFileSync(tarball, "packed");
      expect(make({ package: tarball })).toContain("baremetal-lb-9.9.9.tgz");
      expect(dependency()).toBe("file:baremetal-lb-9.9.9.tgz");
      expect(read("baremetal-lb-9.9.9.tgz")).toBe("packed");
    });

    test.each([
      [
        "a tarball that is not there",
        "baremetal-lb-9.9.9.tgz",
        (given: string) =>
          `--package ${given}: no such file; expected a tarball that npm pack wrote, or what package.json may say of a dependency, such as ${version}`,
      ],
      [
        "a folder",
        ".",
        (given: string) =>
          `--package ${given} is a folder, which npm would link and not install: run npm pack in it, and name the tarball that it writes`,
      ],
    ])(`${fault(238)}: %s is refused, and nothing is written`, (_what, name, message) => {
      const given = join(scratch, name);
      expect(() => make({ package: given })).toThrow(
        expect.objectContaining({ name: "UserError", message: message(given) }),
      );
      expect(existsSync(folder())).toBe(false);
    });
  });
});

function withoutId({ projectId, ...others }: Record<string, string>): Record<string, string> {
  expect(projectId).toBeDefined();
  return others;
}

describe(`${fault(241)}: the schema for editors`, () => {
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  test("is found beside the file, in the package, and in the package of a folder above", () => {
    const below = join(scratch, "clusters", "search");
    mkdirSync(below, { recursive: true });
    expect(schemaFrom(below)).toBeUndefined();
    mkdirSync(join(scratch, "node_modules/baremetal-lb"), { recursive: true });
    writeFileSync(join(scratch, "node_modules/baremetal-lb/cluster.schema.json"), "{}");
    expect(schemaFrom(scratch)).toBe("./node_modules/baremetal-lb/cluster.schema.json");
    expect(schemaFrom(below)).toBe("../../node_modules/baremetal-lb/cluster.schema.json");
    writeFileSync(join(below, "cluster.schema.json"), "{}");
    expect(schemaFrom(below)).toBe("./cluster.schema.json");
  });
});
