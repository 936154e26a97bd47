import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fault } from "../faults";
import { terraformFile } from "../terraform-file";

// Proof relies on it: the provisioners of a resource run in order, and end at the first that fails; the next apply runs
// them all again.

const steps = ["roll-1", "prove-1", "roll-2", "prove-2", "finish"];

describe("the steps of a roll, in Terraform", () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-steps-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  const apply = () => {
    const options = { cwd: folder, encoding: "utf8", timeout: 30_000 } as const;
    return spawnSync(terraformFile, ["apply", "-auto-approve", "-no-color", "-input=false"], options).status;
  };
  const ran = () => readFileSync(join(folder, "ran"), "utf8").split("\n").slice(0, -1);

  test(`${fault(66)}, ${fault(67)}: end at the first that fails, what waits for them does not run, and the next apply runs them`, () => {
    const provisioner = steps.map((step) => ({
      "local-exec": { command: `echo ${step} >>ran; test ${step} != prove-1 || test -f mended` },
    }));
    const after = {
      depends_on: ["terraform_data.rollout"],
      provisioner: [{ "local-exec": { command: "echo after >>ran" } }],
    };
    const resource = { terraform_data: { rollout: { provisioner }, after } };
    writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ resource }));
    expect(apply()).toBe(1);
    expect(ran()).toEqual(["roll-1", "prove-1"]);

    writeFileSync(join(folder, "mended"), "");
    expect(apply()).toBe(0);
    expect(ran()).toEqual(["roll-1", "prove-1", ...steps, "after"]);
    expect(apply()).toBe(0);
    expect(ran()).toHaveLength(8);
  }, 60_000);
});
