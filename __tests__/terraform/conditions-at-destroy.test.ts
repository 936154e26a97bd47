import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../faults";
import { terraformFile } from "../terraform-file";

// PoolSafety and KubeProxyGate rely on it: Terraform leaves conditions out when it destroys.

const configuration = `
variable "proven" {
  type = bool
}

data "terraform_remote_state" "below" {
  backend  = "local"
  config   = { path = "none.tfstate" }
  defaults = {}
  lifecycle {
    postcondition {
      condition     = var.proven && self.backend == "local"
      error_message = "The postcondition says no."
    }
  }
}

resource "terraform_data" "on-top" {
  lifecycle {
    precondition {
      condition     = var.proven
      error_message = "The precondition says no."
    }
  }
}
`;

describe("a condition that fails, in Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-conditions-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const terraform = (command: string, proven: boolean) => {
    const args = [command, "-no-color", "-input=false", `-var=proven=${proven}`];
    const { status, stdout, stderr } = spawnSync(
      terraformFile,
      command === "plan" ? args : [...args, "-auto-approve"],
      {
        cwd: folder,
        encoding: "utf8",
        timeout: 30_000,
      },
    );
    return { status, output: stdout + stderr };
  };

  test(`${fault(44)}: refuses a plan, and does not hinder a destroy`, () => {
    writeFileSync(join(folder, "main.tf"), configuration);
    writeFileSync(join(folder, "none.tfstate"), '{ "version": 4, "outputs": {}, "resources": [] }');
    expect(terraform("apply", true)).toMatchObject({ status: 0 });

    const refused = terraform("plan", false);
    expect(refused.status).toBe(1);
    expect(refused.output).toContain("The postcondition says no.");
    expect(refused.output).toContain("The precondition says no.");

    const destroyed = terraform("destroy", false);
    expect(destroyed.output).toContain("Destroy complete! Resources: 1 destroyed.");
    expect(destroyed.status).toBe(0);
  }, 60_000);
});
