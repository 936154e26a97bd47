import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tokenFor } from "../../../remote/cloud/token";
import { fault } from "../../faults";

describe("the token for a server, from where Terraform has it", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), "home-"));
    mkdirSync(join(home, ".terraform.d"));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const block = (host: string, token: string) => `credentials "${host}" {\n  # of a person\n  token = "${token}"\n}\n`;
  const of = (hostname: string, environment: Readonly<Record<string, string>> = {}) =>
    tokenFor(hostname, { environment, home });

  test.each([
    ["app.terraform.io", "TF_TOKEN_app_terraform_io"],
    ["my-tfe.example.org", "TF_TOKEN_my__tfe_example_org"],
    ["my-tfe.example.org", "TF_TOKEN_my-tfe.example.org"],
  ])("%s: the variable %s, before any file", (hostname, name) => {
    writeFileSync(join(home, ".terraformrc"), block(hostname, "of the file"));
    expect(of(hostname, { [name]: "of the variable", TF_TOKEN_other_example_org: "another" })).toBe("of the variable");
  });

  test("what terraform login wrote", () => {
    const credentials = { "tfe.example.org:8443": { token: "of login" }, "app.terraform.io": { token: "another" } };
    writeFileSync(join(home, ".terraform.d/credentials.tfrc.json"), JSON.stringify({ credentials }));
    expect(of("tfe.example.org:8443")).toBe("of login");
  });

  test.each([
    [".terraformrc", {}],
    [".terraform.d/company.tfrc", {}],
    ["elsewhere.rc", { TF_CLI_CONFIG_FILE: "elsewhere.rc" }],
  ])("a block in %s", (file, variables) => {
    writeFileSync(join(home, file), block("other.example.org", "another") + block("tfe.example.org", "of the file"));
    const named = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, join(home, value)]));
    expect(of("tfe.example.org", named)).toBe("of the file");
  });

  test("OpenTofu's own file, in front of Terraform's; and its own word for who has no token", () => {
    writeFileSync(join(home, ".terraformrc"), block("tfe.example.org", "of Terraform"));
    const tofu = { TERRAFORM_BINARY_NAME: "/opt/tofu" };
    expect(of("tfe.example.org", tofu)).toBe("of Terraform");
    writeFileSync(join(home, ".tofurc"), block("tfe.example.org", "of OpenTofu"));
    expect(of("tfe.example.org", tofu)).toBe("of OpenTofu");
    expect(of("tfe.example.org")).toBe("of Terraform");
    expect(() => of("other.example.org:8443", tofu)).toThrow(
      'there is no token for other.example.org:8443: run tofu login other.example.org:8443, or in CI write credentials "other.example.org:8443" { token = … } into OpenTofu\'s CLI configuration, since a server with a port has no variable of its own',
    );
  });

  test("a named file alone, as Terraform takes it", () => {
    writeFileSync(join(home, ".terraform.d/company.tfrc"), block("tfe.example.org", "of the company"));
    writeFileSync(join(home, "empty.rc"), "");
    expect(() => of("tfe.example.org", { TF_CLI_CONFIG_FILE: join(home, "empty.rc") })).toThrow("there is no token");
  });

  test("where a program gives it, only Terraform has it", () => {
    writeFileSync(join(home, ".terraformrc"), 'credentials_helper "vault" {}\n');
    expect(of("tfe.example.org")).toBeUndefined();
  });

  test.each([
    ["app.terraform.io", "export TF_TOKEN_app_terraform_io"],
    ["my-tfe.example.org", "export TF_TOKEN_my__tfe_example_org"],
  ])(`${fault(170)}: there is none for %s`, (hostname, remedy) => {
    expect(() => of(hostname, { TF_TOKEN_other: "another" })).toThrow(
      `there is no token for ${hostname}: run terraform login ${hostname}, or in CI ${remedy}`,
    );
  });
});
