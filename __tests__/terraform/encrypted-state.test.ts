import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Password } from "@cdktf/provider-random/lib/password";
import { RandomProvider } from "@cdktf/provider-random/lib/provider";
import { TerraformStack } from "cdktf";
import { addBackend } from "../../stacks/shared/constructs/backend";
import { localStatePath, prepareLocalState } from "../../stacks/shared/local-state";
import { fault } from "../faults";
import { describeWith, openTofu, ownTerraform } from "./available";
import { TerraformProject } from "./terraform-project";

// What docs/security.md tells users to set, as it stands there.

const document = readFileSync(join(__dirname, "..", "..", "docs", "security.md"), "utf8");
const [, encrypted = ""] = /export TF_ENCRYPTION='\n([^']+)'/.exec(document) ?? [];
const [, migrating = ""] = /```hcl\n([^`]+)```/.exec(document) ?? [];

/** The example with another section `state`, and what that one names. */
const withState = (state: string) => encrypted.replace(/^state \{[^}]+\}\n/m, state);
const decrypting = migrating
  .replace("method = method.aes_gcm.state", "method = method.one")
  .replace("method = method.unencrypted.before", "method = method.aes_gcm.state")
  .replace("method.one", "method.unencrypted.before");

describeWith("the state that OpenTofu encrypts", [openTofu, ownTerraform])("a state, in OpenTofu", () => {
  let project: TerraformProject;
  beforeEach(() => {
    project = new TerraformProject("metallb", openTofu).write((scope, id) => {
      const stack = new TerraformStack(scope, id);
      addBackend(stack, { name: "demo", state: { backend: "local" } });
      new RandomProvider(stack, "random");
      new Password(stack, "key", { length: 32 }).overrideLogicalId("key");
      return stack;
    });
    // As each synthesis does.
    prepareLocalState("demo", { outdir: project.path("cdktf.out"), stack: "metallb" });
  });
  afterEach(() => project.dispose());

  const stateFolder = () => project.path(join(".state", "demo"));
  const stateFile = () => readFileSync(join(stateFolder(), "metallb.tfstate"), "utf8");
  const apply = async (encryption?: string) => {
    project.environment = { ...openTofu, TF_ENCRYPTION: encryption };
    await project.init();
    const { code, output } = await project.apply();
    if (code !== 0) throw new Error(output);
  };

  test(`${fault(168)}: begins with the empty file of a synthesis, and is encrypted, as plans are`, async () => {
    expect(localStatePath("demo", { outdir: project.path("cdktf.out"), stack: "metallb" })).toBe(
      "../../../.state/demo/metallb.tfstate",
    );
    await apply(encrypted);
    expect(Object.keys(JSON.parse(stateFile()) as object)).toContain("encrypted_data");
    expect((await project.plan()).code).toBe(0);
    await project.terraform("plan", "-out=kept.plan", "-input=false");
    expect(readFileSync(join(project.path("cdktf.out/stacks/metallb"), "kept.plan"), "utf8")).toContain(
      "encrypted_data",
    );
    project.environment = { ...openTofu, TF_ENCRYPTION: undefined };
    expect((await project.plan()).code).toBe(1);
  }, 120_000);

  test(`${fault(168)}: of clear text is encrypted, and decrypted again, by the next change`, async () => {
    await apply();
    const { resources } = JSON.parse(stateFile()) as {
      resources: { instances: { attributes: { result: string } }[] }[];
    };
    const key = resources[0]?.instances[0]?.attributes.result ?? "none";
    await project.terraform("taint", "random_password.key");
    await apply(withState(migrating));
    expect(stateFile()).toContain("encrypted_data");
    expect(stateFile()).not.toContain(key);

    await project.terraform("taint", "random_password.key");
    await apply(withState(decrypting));
    expect(stateFile()).toContain("registry.opentofu.org/hashicorp/random");
  }, 120_000);

  test(`${fault(168)}: that Terraform made is OpenTofu's without a change, and comes back`, async () => {
    project.environment = ownTerraform;
    await project.init();
    expect((await project.apply()).code).toBe(0);
    const made = stateFile();
    expect(made).toContain("registry.terraform.io/hashicorp/random");

    project.environment = openTofu;
    await project.terraform("init", "-input=false", "-upgrade");
    const { code, output } = await project.plan();
    expect([code, output]).toEqual([0, expect.stringContaining("No changes.")]);
    await project.terraform("taint", "random_password.key");
    await apply(withState(migrating));
    expect(stateFile()).toContain("encrypted_data");

    const { stdout } = await project.terraform("state", "pull");
    // Where TF_CLI_CONFIG_FILE names no file, OpenTofu warns of it in front.
    writeFileSync(join(stateFolder(), "metallb.tfstate"), stdout.slice(stdout.search(/^\{/m)));
    project.environment = ownTerraform;
    const [, replace = ""] = /^ +terraform (state replace-provider .*)$/m.exec(document) ?? [];
    for (const provider of ["null", "random"]) {
      const [command = "", ...args] = replace.replaceAll('"', "").replaceAll("$provider", provider).split(" ");
      const { code, output } = await project.terraform(command, ...args);
      if (code !== 0) throw new Error(output);
    }
    await project.terraform("init", "-input=false", "-upgrade");
    const back = await project.plan();
    expect([back.code, back.output]).toEqual([0, expect.stringContaining("No changes.")]);
  }, 120_000);
});
