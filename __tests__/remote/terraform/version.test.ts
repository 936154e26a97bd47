import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformVersion } from "../../../remote/terraform/version";

describe("the version of the Terraform that runs here", () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "version-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const of = (name: string, script: string) => {
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    return terraformVersion({ PATH: process.env["PATH"], TERRAFORM_BINARY_NAME: file }).catch((error: Error) =>
      error.message.replace(folder, "/opt"),
    );
  };

  test.each([
    ["terraform", `echo '{"terraform_version":"1.9.8"}'`, "1.9.8"],
    [
      "terraform",
      "exit 1",
      "/opt/terraform does not tell its version: install Terraform, or name the version of the workspaces with --terraform-version",
    ],
    [
      "tofu",
      `echo '{"terraform_version":"1.11.0"}'`,
      "/opt/tofu is OpenTofu, which has other versions than the Terraform of the workspaces: name the version of the workspaces with --terraform-version",
    ],
  ])("%s, which runs %s: %s", async (name, script, expected) => {
    expect(await of(name, script)).toBe(expected);
  });
});
