import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { DataResource, type LocalExecProvisioner, TerraformStack } from "cdktf";
import { waitFor } from "../../lab/wait";
import { addBackend } from "../../stacks/shared/constructs/backend";
import { fault } from "../faults";
import { running, TerraformProject } from "./terraform-project";
import { terraformFile } from "../terraform-file";

// Needs no provider.
const terraform = spawnSync(terraformFile, ["version"]).status === 0;
if (!terraform) console.warn("SKIPPED: two applies at once, since Terraform is not installed");

(terraform ? describe : describe.skip)("two applies at once", () => {
  const project = new TerraformProject("nodes");
  afterAll(() => project.dispose());

  test(`${fault(43)}: the second is refused at once by the lock, and has done nothing`, async () => {
    // given: a stack with the project's own state, whose apply notes that it runs, then waits to be let go
    const [ran, letGo] = [project.path("ran"), project.path("let-go")];
    const command = `echo once >>${ran}; while [ ! -e ${letGo} ]; do sleep 0.1; done`;
    await project
      .write((scope, id) => {
        const stack = new TerraformStack(scope, id);
        addBackend(stack, { name: "demo", state: { backend: "local" } });
        const provisioner: LocalExecProvisioner = { type: "local-exec", command };
        new DataResource(stack, "slow", { provisioners: [provisioner] });
        return stack;
      })
      .init();
    const first = project.apply();

    try {
      await waitFor(
        { what: "the first apply", timeoutSeconds: 30, seen: () => "" },
        async () => existsSync(ran) || undefined,
      );

      // when
      const second = await project.apply();

      // then
      expect(second.code).toBe(1);
      expect(running(second.output)).toMatch(
        /Error: Error acquiring the state lock .* Lock Info: ID: .* Path: .*\.state\/demo\/nodes\.tfstate Operation: OperationTypeApply Who: \S+@\S+/,
      );
      expect(readFileSync(ran, "utf8")).toBe("once\n");
    } finally {
      writeFileSync(letGo, "");
    }
    expect(await first).toMatchObject({ code: 0 });
    expect(project.finished()).toEqual(["terraform_data.slow"]);
    expect(readFileSync(ran, "utf8")).toBe("once\n");
  }, 90_000);
});
