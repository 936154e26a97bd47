import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../faults";
import { terraformFile } from "../terraform-file";

// ProofRecord relies on it: what is replaced with a resource is gone before that resource is made anew.

const configuration = `
variable "rollout" {
  type = string
}

variable "works" {
  type = bool
}

variable "nodes" {
  type = list(string)
}

resource "terraform_data" "proven" {
  input = var.nodes
}

resource "terraform_data" "proof" {
  for_each         = toset(var.nodes)
  triggers_replace = [var.rollout]
  provisioner "local-exec" {
    command = var.works ? "true" : "false"
  }
}

resource "terraform_data" "record" {
  input      = var.rollout
  depends_on = [terraform_data.proof]
  lifecycle {
    replace_triggered_by = [terraform_data.proof, terraform_data.proven]
  }
}
`;

describe("a record that is replaced with its proof, in Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-record-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const terraform = (...args: string[]) =>
    spawnSync(terraformFile, args, { cwd: folder, encoding: "utf8", timeout: 30_000 });
  const apply = (rollout: string, works: boolean, nodes: readonly string[] = ["node1"]) =>
    terraform(
      "apply",
      "-auto-approve",
      "-input=false",
      `-var=rollout=${rollout}`,
      `-var=works=${works}`,
      `-var=nodes=${JSON.stringify(nodes)}`,
    ).status;
  const isRecorded = () => terraform("state", "list").stdout.split("\n").includes("terraform_data.record");

  test(`${fault(44)}: after a proof that failed there is no record of the one before`, () => {
    writeFileSync(join(folder, "main.tf"), configuration);
    expect(apply("first", true)).toBe(0);
    expect(isRecorded()).toBe(true);

    // when: the proof is made anew
    expect(apply("second", false)).toBe(1);
    expect(isRecorded()).toBe(false);
    expect(apply("second", true)).toBe(0);
    expect(isRecorded()).toBe(true);

    // when: a node joins
    expect(apply("second", false, ["node1", "node2"])).toBe(1);
    expect(isRecorded()).toBe(false);
    expect(apply("second", true, ["node1", "node2"])).toBe(0);
    expect(isRecorded()).toBe(true);
  }, 60_000);
});
