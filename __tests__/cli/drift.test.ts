import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { Terraform } from "../../remote/terraform/terraform";
import { clusterInput } from "../cluster-fixture";
import { fault } from "../faults";
import { CloudServer, organization } from "../remote/cloud/cloud-server";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";

// The whole command on a project of Terraform's built-in resources; its node is a closed port.

const configuration = (input: string) => ({ resource: { terraform_data: { one: { input } } } });

describe("drift, as a shell runs it", () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
    const { folder } = fixture;
    writeFileSync(join(folder, "key"), "no key, which no node is shown");
    const config = {
      ...clusterInput,
      ssh: { user: "ops", privateKeyFile: join(folder, "key"), insecureIgnoreHostKeys: true },
      nodes: [{ name: "node1", address: "192.168.1.10", role: "control-plane" }],
    };
    writeFileSync(join(folder, "cluster.yaml"), stringify(config));
  });
  afterEach(() => fixture.dispose());

  const drift = (args: string[] = [], environment: Record<string, string> = {}, folder = fixture.folder) =>
    runProgram(folder, ["drift", ...args], { CDKTF_OUTDIR: fixture.project.outdir, ...environment });

  test(`${fault(42)}: a part that cannot be found out is an error, and the others are told all the same`, async () => {
    fixture.stacks({
      nodes: { configuration: configuration("a") },
      broken: { configuration: { locals: { first: "${local.other}" } } },
    });
    const { status, stdout } = await drift(["--json"]);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toEqual({
      cluster: "demo",
      status: "failed",
      stacks: [
        { stack: "nodes", status: "not-deployed", differences: ["the stack is not deployed"] },
        {
          stack: "broken",
          status: "failed",
          differences: [],
          error: 'Reference to undeclared local value: A local value with the name "other" has not been declared.',
        },
      ],
      nodes: [
        {
          node: "node1",
          status: "failed",
          differences: [],
          error: expect.stringMatching(/^the SSH private key cannot be used: /),
        },
      ],
    });
  });

  test(`${fault(42)}: drift beside what cannot be found out is an error too`, async () => {
    const stack = fixture.stack(configuration("a"));
    const terraform = new Terraform(fixture.project.environment);
    await terraform.run(stack, ["init"], 60);
    await terraform.run(stack, ["apply", "-auto-approve"], 60);
    fixture.stack(configuration("b"));
    const { status, stdout } = await drift();
    expect({ status, stdout }).toEqual({
      status: 1,
      stdout: expect.stringContaining(
        "stack only  drifted\n  - terraform_data.one: input is a, declared b\nnode node1  could not be found out\n",
      ),
    });
  });

  test(`${fault(42)}: --format github writes to the job's summary, and says it in the log too`, async () => {
    fixture.stacks({ nodes: { configuration: configuration("a") } });
    const summary = join(fixture.folder, "summary.md");
    const { status, stdout } = await drift(["--format", "github"], { GITHUB_STEP_SUMMARY: summary });
    expect(status).toBe(1);
    expect(readFileSync(summary, "utf8")).toContain("### Cluster demo: could not be found out\n");
    expect(stdout).toContain("stack nodes  not deployed\n");
  });

  describe("the value of a variable of our own", () => {
    const reads = {
      variable: { kubernetes_token: {} },
      resource: { terraform_data: { one: { input: "${var.kubernetes_token}" } } },
    };
    const by = (state: object) => {
      const file = join(fixture.folder, "cluster.yaml");
      const config = parse(readFileSync(file, "utf8")) as object;
      writeFileSync(file, stringify({ ...config, kubernetes: { version: "1.35.4", credentials: "variables" }, state }));
      fixture.stacks({ metallb: { configuration: reads } });
    };
    const ofMetallb = async (environment: Record<string, string>) => {
      const { stdout } = await drift(["--json"], environment);
      return (JSON.parse(stdout) as { stacks: unknown[] }).stacks;
    };
    const notDeployed = { stack: "metallb", status: "not-deployed", differences: ["the stack is not deployed"] };

    test("is Terraform's too, where Terraform runs here", async () => {
      by({ backend: "local" });
      expect(await ofMetallb({ BAREMETAL_LB_KUBERNETES_TOKEN: "a" })).toEqual([notDeployed]);
      expect(await ofMetallb({ TF_VAR_kubernetes_token: "a" })).toEqual([notDeployed]);
    });

    test(`${fault(150)}: is not, where a server runs it`, async () => {
      const cloud = await CloudServer.start();
      by({ backend: "cloud", organization, hostname: cloud.hostname });
      const stacks = await ofMetallb({ BAREMETAL_LB_KUBERNETES_TOKEN: "a", ...cloud.environment });
      await cloud.dispose();
      expect(stacks).toEqual([
        {
          stack: "metallb",
          status: "failed",
          differences: [],
          error: expect.stringMatching(/^No value for required variable: .*"kubernetes_token"/),
        },
      ]);
    });
  });

  test("a configuration with mistakes is told as check tells it, and nothing is planned", async () => {
    writeFileSync(join(fixture.folder, "cluster.yaml"), "name: Demo\n");
    const { status, stdout, stderr } = await drift();
    expect({ status, stdout }).toEqual({ status: 1, stdout: "" });
    expect(stderr).toContain('cluster.yaml:1:7: error: name: given "Demo"');
  });

  test("outside of a project it says where to be", async () => {
    const elsewhere = join(fixture.folder, "elsewhere");
    mkdirSync(elsewhere);
    const config = join(fixture.folder, "cluster.yaml");
    const { status, stderr } = await drift(["--config", config], {}, elsewhere);
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: `there is no cdktf.json in ${elsewhere}: run this in the project's folder\n`,
    });
  });
});
