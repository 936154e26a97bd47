import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { applyPlan } from "../../../remote/terraform/apply";
import { planStack } from "../../../remote/terraform/plan";
import { Terraform } from "../../../remote/terraform/terraform";
import { ProjectFixture } from "./project-fixture";

describe("a plan that is applied, by real Terraform", () => {
  let fixture: ProjectFixture;
  beforeEach(() => {
    fixture = new ProjectFixture();
  });
  afterEach(() => fixture.dispose());

  /** Plans a resource whose creation runs a command, and applies that plan. */
  const applied = async (command: string) => {
    const provisioner = [{ "local-exec": { command } }];
    const stack = fixture.stack({ resource: { terraform_data: { one: { provisioner } } } });
    const terraform = new Terraform(fixture.project.environment);
    const out = join(fixture.folder, "plan");
    await applyPlan(terraform, await planStack(terraform, stack, { out }));
    return planStack(terraform, stack, { out });
  };

  test("is all done afterwards", async () => {
    expect((await applied("true")).changes).toEqual([]);
  });

  test("and fails says what the node's script said, and Terraform's error; nothing of what went well", async () => {
    // In a file, since Terraform prints the command too.
    writeFileSync(join(fixture.folder, "said"), "preparing\nbaremetal-lb: node1: ip_vs is missing\n");
    const message = await applied(`cat ${join(fixture.folder, "said")}; exit 3`).then(
      () => "it did not fail",
      (error: Error) => error.message,
    );
    expect(message.split("\n").slice(0, 4)).toEqual([
      "the apply of the stack only failed:",
      "terraform_data.one (local-exec): baremetal-lb: node1: ip_vs is missing",
      "Error: local-exec provisioner error",
      "  with terraform_data.one,",
    ]);
  });
});
