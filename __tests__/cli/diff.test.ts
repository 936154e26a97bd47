import { spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Terraform } from "../../remote/terraform/terraform";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";

// The whole commands on a project of Terraform's built-in resources. None of them connects to a node.

const resource = (input: string) => ({ resource: { terraform_data: { one: { input } } } });
const refusing = (message: string) => ({
  locals: { held: false },
  resource: {
    terraform_data: { one: { lifecycle: { precondition: [{ condition: "${local.held}", error_message: message }] } } },
  },
});

describe("diff and apply, as a shell runs them", () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
    writeFileSync(join(fixture.folder, "key"), "no key, which no node is shown");
    const ssh = { user: "ops", privateKeyFile: join(fixture.folder, "key"), insecureIgnoreHostKeys: true };
    const nodes = [{ name: "node1", address: "192.168.1.10", role: "control-plane" }];
    writeFileSync(join(fixture.folder, "cluster.yaml"), stringify({ ...clusterInput, ssh, nodes }));
  });
  afterEach(() => fixture.dispose());

  const run = (...words: string[]) =>
    runProgram(fixture.folder, words, { CDKTF_OUTDIR: fixture.project.outdir, TF_IN_AUTOMATION: "1" });
  const stacks = (nodes: object, metallb: object) =>
    fixture.stacks({ nodes: { configuration: nodes }, metallb: { configuration: metallb } });
  const markdown = () => readFileSync(join(fixture.folder, "comment.md"), "utf8");
  const fingerprintOf = async () => JSON.parse((await run("diff", "--json")).stdout).fingerprint as string;

  test(`${fault(190)}: exit 0 and nothing, 2 and what would change, 1 and why not, on the terminal and in Markdown`, async () => {
    const deployed = stacks(resource("a"), resource("b"));
    const terraform = new Terraform(fixture.project.environment);
    for (const stack of deployed) {
      await terraform.run(stack, ["init"], 60);
      await terraform.run(stack, ["apply", "-auto-approve"], 60);
    }
    const nothing = await run("diff", "--markdown", "comment.md");
    expect(nothing).toEqual({
      status: 0,
      stdout: expect.stringMatching(
        /^stack nodes {4}nothing\nstack metallb {2}nothing\nnothing would change\nFingerprint: [0-9a-f]{64}\n$/,
      ),
      stderr: "",
    });
    expect(markdown()).toMatch(/^<!-- baremetal-lb diff cluster\.yaml -->\n### Cluster demo: nothing would change\n/);

    stacks(resource("c"), refusing("No pool holds default/web."));
    const failed = await run("diff", "--markdown", "comment.md");
    expect(failed).toEqual({
      status: 1,
      stdout: expect.stringContaining(
        "stack nodes    1 change\n  terraform_data.one: input changes from a to c\n" +
          "stack metallb  could not be planned\n  No pool holds default/web.\nmetallb could not be planned\n",
      ),
      stderr: "",
    });
    expect(markdown()).toContain("#### nodes\n\n```text\nterraform_data.one: input changes from a to c\n```\n");

    stacks(resource("c"), resource("b"));
    expect((await run("diff")).status).toBe(2);
  }, 120_000);

  test(`${fault(190)}: looks although another run holds the lock`, async () => {
    const slow = { "local-exec": { command: "touch started; sleep 60" } };
    const [stack] = stacks({ resource: { terraform_data: { one: { provisioner: [slow] } } } }, resource("b"));
    if (stack === undefined) throw new Error("no stack was written");
    await new Terraform(fixture.project.environment).run(stack, ["init"], 60);
    const other = spawn("terraform", ["apply", "-auto-approve"], {
      cwd: stack.folder,
      detached: true,
      stdio: "ignore",
    });
    try {
      const started = () => existsSync(join(stack.folder, "started"));
      for (let waited = 0; !started() && waited < 300; waited += 1) await new Promise((done) => setTimeout(done, 100));
      expect(started()).toBe(true);
      expect(await run("diff")).toEqual({
        status: 2,
        stdout: expect.stringContaining("stack nodes    1 change\n"),
        stderr: "",
      });
    } finally {
      if (other.pid !== undefined) process.kill(-other.pid, "SIGKILL");
    }
  }, 120_000);

  test(`${fault(190)}: a configuration with mistakes is the comment's text as well`, async () => {
    writeFileSync(join(fixture.folder, "cluster.yaml"), "name: Demo\n");
    const { status, stdout, stderr } = await run("diff", "--markdown", "comment.md");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(markdown()).toBe(
      `<!-- baremetal-lb diff cluster.yaml -->\n### cluster.yaml: it could not be planned\n\n\`\`\`text\n${stderr}\`\`\`\n`,
    );
  });

  test(`${fault(190)}: a command that is killed has said so in the comment's text`, async () => {
    writeFileSync(join(fixture.folder, "cdktf.json"), JSON.stringify({ app: "kill -9 $PPID" }));
    await run("diff", "--markdown", "comment.md");
    expect(markdown()).toBe(
      "<!-- baremetal-lb diff cluster.yaml -->\n### cluster.yaml: it could not be planned\n\n```text\nThe command ended before it had an answer. The job's log has more.\n```\n",
    );
  });

  test(`${fault(190)}: a comment's file that cannot be written is said before anything is planned`, async () => {
    for (const command of ["diff", "drift"]) {
      expect(await run(command, "--markdown", "no/comment.md")).toEqual({
        status: 1,
        stdout: "",
        stderr:
          "error: option '--markdown <file>' argument 'no/comment.md' is invalid. It cannot be written (ENOENT).\n(run it with --help to see what it takes)\n",
      });
    }
  }, 60_000);

  test(`${fault(191)}: what was approved is applied, and nothing else`, async () => {
    stacks(resource("a"), resource("b"));
    const approved = await fingerprintOf();
    stacks(resource("a"), resource("c"));
    expect(await run("apply", "--approved", approved)).toEqual({
      status: 1,
      stdout: "",
      stderr: expect.stringContaining(
        `Nothing was applied: these are not the plans that were approved, whose fingerprint is ${approved}. The cluster, its configuration or this project has changed since: look at npx baremetal-lb diff, and approve again\n`,
      ),
    });
    expect((await run("diff")).status).toBe(2);

    stacks(resource("a"), resource("b"));
    expect(await run("apply", "--approved", approved)).toEqual({
      status: 0,
      stdout: "Applied: nodes, metallb\n",
      stderr: expect.stringContaining("nodes: applied\nmetallb: applied\n"),
    });
    expect((await run("diff")).status).toBe(0);
    expect(await run("apply", "--approved", await fingerprintOf())).toMatchObject({
      status: 0,
      stdout: "There was nothing to apply.\n",
    });
  }, 180_000);

  test(`${fault(191)}: where a stack cannot be planned, nothing is applied`, async () => {
    stacks(resource("a"), refusing("No pool holds default/web."));
    expect(await run("apply", "--approved", await fingerprintOf())).toEqual({
      status: 1,
      stdout: "",
      stderr: expect.stringMatching(/\nNothing was applied: not every stack could be planned\n$/),
    });
  }, 120_000);

  test(`${fault(191)}: a stack that waits for another is planned, shown and approved after that one`, async () => {
    stacks(resource("a"), refusing("no matches for kind IPAddressPool."));
    const result = await run("apply", "--json", "--approved", await fingerprintOf());
    expect(result.status).toBe(2);
    expect(JSON.parse(result.stdout)).toEqual({ applied: ["nodes"], waiting: ["metallb"] });
  }, 120_000);
});
