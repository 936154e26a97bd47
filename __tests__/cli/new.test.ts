import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../faults";
import { runProgram } from "./run-program";

describe("new, as a shell runs it", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "baremetal-lb-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const run = (...words: string[]) => runProgram(folder, ["new", ...words]);

  test("makes a folder, and says what is in it and how to go on", async () => {
    expect(await run("search", "--ci", "github")).toStrictEqual({
      status: 0,
      stdout: `search is made: .github/workflows/apply.yml, .github/workflows/drift.yml, .github/workflows/pull-request.yml, .gitignore, README.md, cdktf.json, package.json.

Next:
  cd search
  npm install
  npx baremetal-lb init
`,
      stderr: "",
    });
  });

  test("takes the folder that it runs in, and a tarball of it; the example is there to be checked", async () => {
    mkdirSync(join(folder, "here"));
    writeFileSync(join(folder, "baremetal-lb.tgz"), "packed");
    const tarball = join(folder, "baremetal-lb.tgz");
    const here = join(folder, "here");
    expect(await runProgram(here, ["new", ".", "--example", "--package", tarball])).toStrictEqual({
      status: 0,
      stdout: `. is made: .gitignore, README.md, baremetal-lb.tgz, cdktf.json, cluster.yaml, package.json.

Next:
  npm install
  npx baremetal-lb check
`,
      stderr: "",
    });
  });

  test(`${fault(237)}: says what is in the way, without a stack trace`, async () => {
    writeFileSync(join(folder, "mine"), "");
    expect(await run(".")).toStrictEqual({
      status: 1,
      stdout: "",
      stderr:
        ". has files in it (mine), and new overwrites nothing: name a folder that is empty, or is not there yet\n",
    });
  });

  test("refuses a platform that it has no workflows for", async () => {
    const { status, stderr } = await run("search", "--ci", "jenkins");
    expect(status).toBe(1);
    expect(stderr).toContain("argument 'jenkins' is invalid. Allowed choices are github, gitlab.");
    expect(existsSync(join(folder, "search"))).toBe(false);
  });
});
