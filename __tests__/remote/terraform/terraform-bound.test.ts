import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Terraform } from "../../../remote/terraform/terraform";
import { fault } from "../../faults";

describe(`${fault(146)}: a Terraform that does not end`, () => {
  const folder = mkdtempSync(join(tmpdir(), "baremetal-lb-bound-"));
  afterAll(() => rmSync(folder, { recursive: true }));

  it.each([
    ["ends when it is told to", "exit 0"],
    ["ends when it is told so a second time", "trap 'exit 1' INT"],
    ["does not listen, and leaves a program that holds its output open", ":"],
  ])(
    "that %s is ended by the clock, and named",
    async (_what, onSignal) => {
      const program = join(folder, "terraform");
      writeFileSync(program, `#!/bin/sh\ntrap "${onSignal}" INT\nsleep 20 &\nwhile :; do wait; done\n`);
      chmodSync(program, 0o755);
      const terraform = new Terraform(
        { TERRAFORM_BINARY_NAME: program, PATH: process.env.PATH },
        { graceSeconds: 0.5 },
      );
      const started = Date.now();
      await expect(terraform.run({ name: "metallb", folder }, ["plan"], 1)).rejects.toThrow(
        "terraform plan of the stack metallb did not end within 1 s and was interrupted",
      );
      expect(Date.now() - started).toBeLessThan(6_000);
    },
    15_000,
  );

  it(`${fault(228)}: is ended by a signal, too, and nothing else is begun`, async () => {
    const program = join(folder, "terraform");
    writeFileSync(program, `#!/bin/sh\ntrap "exit 0" INT\nsleep 20 &\nwhile :; do wait; done\n`);
    chmodSync(program, 0o755);
    const environment = { TERRAFORM_BINARY_NAME: program, PATH: process.env.PATH };
    const terraform = new Terraform(environment, { graceSeconds: 0.5, signal: AbortSignal.timeout(500) });
    const started = Date.now();
    for (const command of ["plan", "show"]) {
      await expect(terraform.run({ name: "metallb", folder }, [command], 60)).rejects.toThrow(
        `terraform ${command} of the stack metallb was interrupted before it had ended`,
      );
    }
    expect(Date.now() - started).toBeLessThan(6_000);
  }, 15_000);
});
