import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../faults";

// ProofRecord relies on it: what is replaced with a resource is gone before that resource is made anew.

const configuration = `
variable "rollout" {
  type = string
}

variable "works" {
  type = bool
}

resource "terraform_data" "proof" {
  triggers_replace = [var.rollout]
  provisioner "local-exec" {
    command = var.works ? "true" : "false"
  }
}

resource "terraform_data" "record" {
  input      = var.rollout
  depends_on = [terraform_data.proof]
  lifecycle {
    replace_triggered_by = [terraform_data.proof]
  }
}
`;

describe("a record that is replaced with its proof, in Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-record-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const terraform = (...args: string[]) =>
    spawnSync("terraform", args, { cwd: folder, encoding: "utf8", timeout: 30_000 });
  const apply = (rollout: string, works: boolean) =>
    terraform("apply", "-auto-approve", "-input=false", `-var=rollout=${rollout}`, `-var=works=${works}`).status;
  const kept = () => terraform("state", "list").stdout.split("\n").filter(Boolean);

  test(`${fault(44)}: after a proof that failed there is no record of the one before`, () => {
    writeFileSync(join(folder, "main.tf"), configuration);
    expect(apply("first", true)).toBe(0);
    expect(kept()).toEqual(["terraform_data.proof", "terraform_data.record"]);

    expect(apply("second", false)).toBe(1);
    expect(kept()).toEqual(["terraform_data.proof"]);

    expect(apply("second", true)).toBe(0);
    expect(kept()).toEqual(["terraform_data.proof", "terraform_data.record"]);
  }, 60_000);
});
