import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../faults";
import { terraformFile } from "../terraform-file";

// UnmanagedProxy relies on it: a resource that is declared with no instance still runs its step for the one that the
// state has, and what that one depends on is destroyed only after it.

const managed = `
resource "terraform_data" "configuration" {}

resource "terraform_data" "restore" {
  depends_on = [terraform_data.configuration]
}
`;

const unmanaged = `
resource "terraform_data" "proof" {}

resource "terraform_data" "restore" {
  count = 0
  provisioner "local-exec" {
    when    = destroy
    command = "echo 'put it back first' >&2; exit 1"
  }
}
`;

describe("a configuration that is no longer declared, in Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-unmanaged-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const terraform = (...args: string[]) => {
    const options = { cwd: folder, encoding: "utf8", timeout: 30_000 } as const;
    const { status, stdout, stderr } = spawnSync(terraformFile, args, options);
    return { status, stdout, output: stdout + stderr };
  };
  const run = (command: string) => terraform(command, "-auto-approve", "-input=false", "-no-color");
  const kept = () => terraform("state", "list").stdout.match(/^\w+\.\S+$/gm) ?? [];
  const declare = (configuration: string) => writeFileSync(join(folder, "main.tf"), configuration);

  test(`${fault(53)}: stays, by apply and by destroy, until the step that guards it has run`, () => {
    declare(managed);
    expect(run("apply").status).toBe(0);

    declare(unmanaged);
    for (const command of ["apply", "destroy"]) {
      const { status, output } = run(command);
      expect(status).toBe(1);
      expect(output).toContain("put it back first");
      expect(kept()).toContain("terraform_data.configuration");
    }

    declare(managed);
    expect(run("apply").output).toContain("0 added, 0 changed, 0 destroyed");
    expect(run("destroy").status).toBe(0);
    declare(unmanaged);
    expect(run("apply").status).toBe(0);
    expect(kept()).toEqual(["terraform_data.proof"]);
    expect(run("destroy").status).toBe(0);
  }, 60_000);
});
