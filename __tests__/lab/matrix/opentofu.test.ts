import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../lab/command";
import { cdktfEnvironment } from "../../../lab/deploy";
import * as lab from "../../../lab/lab";
import { proven } from "../../../lab/proven";
import { providersAvailability, terraformConfiguration } from "../../../lab/providers";
import { runFiles } from "../../../lab/run-files";
import { providers } from "../../../stacks/shared/terraform-versions";
import { fault } from "../../faults";
import { openTofu } from "../../terraform/available";
import { terraformProgram } from "../../../stacks/shared/terraform-program";
import { answer, diff, kubectl } from "../core/cluster";
import { drift, heal, noDifferences } from "../core/drift";
import { onLab } from "../core/on-lab";

// OpenTofu in Terraform's place, as docs/security.md has it: TERRAFORM_BINARY_NAME and TF_ENCRYPTION in the environment, and
// nothing else. Then Terraform takes over.

const stacks = ["nodes", "kube-proxy", "metallb"];
const nodes = ["node1", "node2"];

const [{ kubernetes, metallb }] = proven["matrix/opentofu"].runs;

const document = readFileSync(join(__dirname, "..", "..", "..", "docs", "security.md"), "utf8");
const [, encryption = ""] = /export TF_ENCRYPTION='\n([^']+)'/.exec(document) ?? [];

function withOpenTofu(): jest.Describe {
  const found = providersAvailability(terraformProgram(openTofu));
  if (found.available) return onLab;
  console.warn(`SKIPPED: the lab with OpenTofu: ${found.reason}`);
  return describe.skip;
}

withOpenTofu()("a cluster of OpenTofu's, with an encrypted state", () => {
  const before = { ...process.env };
  const stateFolder = () => join(runFiles(lab.runningLab().lab).cdktfOutput, "..", ".state", "lab");

  /** A program on a stack, in the stack's folder. */
  const onStack = (stack: string, ...command: readonly string[]) => {
    const { lab: running } = lab.runningLab();
    const cwd = join(runFiles(running).cdktfOutput, "stacks", stack);
    return run(command, { cwd, env: cdktfEnvironment(running), timeoutSeconds: 120 });
  };

  beforeAll(async () => {
    await lab.down();
    Object.assign(process.env, { TERRAFORM_BINARY_NAME: openTofu["TERRAFORM_BINARY_NAME"], TF_ENCRYPTION: encryption });
    await lab.up({ nodes: nodes.length, kubernetes, metallb: metallb[0] });
    await lab.deploy();
    await lab.applyWeb();
    await lab.prove();
  }, 2_400_000);
  afterAll(() => {
    for (const name of ["TERRAFORM_BINARY_NAME", "TF_ENCRYPTION"]) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  });

  test(`${fault(168)}: every state is encrypted, and nothing is left to do`, async () => {
    const files = readdirSync(stateFolder()).map((name) => readFileSync(join(stateFolder(), name), "utf8"));
    expect(files.filter((text) => text !== "" && !text.includes("encrypted_data"))).toEqual([]);
    expect(files.filter((text) => text !== "").length).toBeGreaterThanOrEqual(stacks.length);
    for (const stack of stacks) expect(await diff(stack)).toMatchObject({ noChanges: true });
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
  });

  test(`${fault(168)}: what drifted is repaired`, async () => {
    await kubectl("-n", "metallb-system", "delete", "configmap", "config");
    expect(await drift()).toMatchObject({ code: 2, said: { metallb: ["ConfigMap metallb-system/config is missing"] } });
    await heal();
    expect(await drift()).toMatchObject({ code: 0 });
    await lab.prove();
  });

  test(`${fault(168)}: the decrypted state is Terraform's, which changes nothing`, async () => {
    for (const stack of stacks) {
      const { file } = terraformProgram(openTofu);
      const plainText = await answer(onStack(stack, file, "state", "pull"));
      writeFileSync(join(stateFolder(), `${stack}.tfstate`), plainText);
    }
    delete process.env["TERRAFORM_BINARY_NAME"];
    delete process.env["TF_ENCRYPTION"];
    await lab.build();
    const { lab: running } = lab.runningLab();
    writeFileSync(runFiles(running).terraformConfig, terraformConfiguration(running));
    for (const stack of stacks) {
      for (const { source } of Object.values(providers)) {
        const from = `registry.opentofu.org/${source}`;
        await answer(onStack(stack, "terraform", "state", "replace-provider", "-auto-approve", from, source));
      }
    }
    for (const stack of stacks) expect(await diff(stack)).toMatchObject({ noChanges: true });
    expect(await drift()).toMatchObject({ code: 0, said: noDifferences(...stacks, ...nodes) });
  }, 600_000);
});
