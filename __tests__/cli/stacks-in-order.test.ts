import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import { Terraform } from "../../remote/terraform/terraform";
import { clusterInput } from "../cluster-fixture";
import { ProjectFixture } from "../remote/terraform/project-fixture";
import { runProgram } from "./run-program";
import { fault } from "../faults";

// Stacks of Terraform's built-in resources, of which one needs what the other makes, as MetalLB its pools and these their
// CRDs. Their node is a closed port.

describe(`${fault(57)}: a stack that can be planned only when the one in front of it is deployed`, () => {
  let fixture: ProjectFixture;
  const made = () => join(fixture.folder, "made-by-first");
  beforeEach(() => {
    fixture = new ProjectFixture();
    writeFileSync(join(fixture.folder, "key"), "no key, which no node is shown");
    const config = {
      ...clusterInput,
      ssh: { user: "ops", privateKeyFile: join(fixture.folder, "key"), insecureIgnoreHostKeys: true },
      nodes: [{ name: "node1", address: "192.168.1.10", role: "control-plane" }],
    };
    writeFileSync(join(fixture.folder, "cluster.yaml"), stringify(config));
  });
  afterEach(() => fixture.dispose());

  const run = (...args: string[]) => runProgram(fixture.folder, args, { CDKTF_OUTDIR: fixture.project.outdir });

  /** `first` makes a file, without which `second` is refused. */
  const write = (of: { first: string; second: string; message?: string }) =>
    fixture.stacks({
      first: {
        configuration: {
          resource: {
            terraform_data: {
              one: { triggers_replace: of.first, provisioner: [{ "local-exec": { command: `touch ${made()}` } }] },
            },
          },
        },
      },
      second: {
        dependencies: ["first"],
        configuration: {
          locals: { made: made() },
          resource: {
            terraform_data: {
              two: {
                input: of.second,
                lifecycle: {
                  precondition: [
                    {
                      condition: "${fileexists(local.made)}",
                      error_message: of.message ?? `Deploy the stack first first.`,
                    },
                  ],
                },
              },
            },
          },
        },
      },
    });
  const deployAll = async (stacks: ReturnType<typeof write>) => {
    const terraform = new Terraform(fixture.project.environment);
    for (const stack of stacks) {
      await terraform.run(stack, ["init"], 60);
      const { code, output } = await terraform.run(stack, ["apply", "-auto-approve", "-no-color"], 60);
      expect([code, output]).toEqual([0, expect.stringContaining("Apply complete!")]);
    }
  };
  const stacksOf = (stdout: string) => (JSON.parse(stdout) as { stacks: unknown }).stacks;

  it("is not deployed, as long as neither is", async () => {
    write({ first: "a", second: "a" });
    expect(stacksOf((await run("drift", "--json")).stdout)).toEqual([
      { stack: "first", status: "not-deployed", differences: ["the stack is not deployed"] },
      {
        stack: "second",
        status: "not-deployed",
        differences: ["the stack is not deployed", "it cannot be planned yet: deploy first first"],
      },
    ]);
    expect((await run("drift")).stdout).toContain(
      "stack first   not deployed\nstack second  not deployed\n  - it cannot be planned yet: deploy first first\n",
    );
  });

  it("is an error where the plan fails for another reason, or what it needs has been deployed", async () => {
    const failed = (error: string) => ({ stack: "second", status: "failed", differences: [], error });
    write({ first: "a", second: "a", message: "The Kubernetes API cannot be reached." });
    expect(stacksOf((await run("drift", "--json")).stdout)).toContainEqual(
      failed("The Kubernetes API cannot be reached."),
    );
    const [first] = write({ first: "a", second: "a" });
    if (first === undefined) throw new Error("no stack was written");
    await deployAll([first]);
    rmSync(made());
    expect(stacksOf((await run("drift", "--json")).stdout)).toContainEqual(failed("Deploy the stack first first."));
  });

  it("is an error that leads to upgrade where it is deployed as a version had it that did without", async () => {
    const [, second] = write({ first: "a", second: "a" });
    if (second === undefined) throw new Error("no stack was written");
    writeFileSync(made(), "");
    await deployAll([second]);
    rmSync(made());
    expect(stacksOf((await run("drift", "--json")).stdout)).toContainEqual({
      stack: "second",
      status: "failed",
      differences: [],
      error:
        "it cannot be planned yet: deploy first first; npx baremetal-lb upgrade explains the move (Deploy the stack first first.)",
    });
  });

  it("has drifted with that one; it is healed after it, in another round; each is repaired once", async () => {
    await deployAll(write({ first: "a", second: "a" }));
    rmSync(made());
    write({ first: "b", second: "b" });
    expect(stacksOf((await run("drift", "--json")).stdout)).toEqual([
      expect.objectContaining({ stack: "first", status: "drifted" }),
      {
        stack: "second",
        status: "drifted",
        differences: ["it cannot be planned before first is repaired (Deploy the stack first first.)"],
        waitsFor: ["first"],
      },
    ]);
    const { stdout, stderr } = await run("heal", "--yes", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      repaired: ["first", "second"],
      after: {
        stacks: [
          { stack: "first", status: "in-sync" },
          { stack: "second", status: "in-sync" },
        ],
      },
    });
    expect(stderr.match(/^To be applied to .*$/gm)).toEqual(["To be applied to first:", "To be applied to second:"]);
    expect(existsSync(made())).toBe(true);
  });
});
