import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { placeLockFile } from "../../stacks/shared/lock-file";
import { Terraform } from "../../remote/terraform/terraform";
import { fault } from "../faults";
import { describeWithProviders } from "./available";

describeWithProviders("the team's lock file")("the team's lock file, by real Terraform", () => {
  let folder: string;
  const path = (name: string) => join(folder, name);
  const committed = () => path(".terraform.lock.hcl");
  const ofNodes = { name: "nodes", folder: "" };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lock-file-"));
    ofNodes.folder = path("cdktf.out/stacks/nodes");
    mkdirSync(ofNodes.folder, { recursive: true });
    const required_providers = { null: { source: "null", version: "3.2.4" } };
    writeFileSync(join(ofNodes.folder, "cdk.tf.json"), JSON.stringify({ terraform: { required_providers } }));
    // As a member of the team makes it, of more providers than this stack has.
    const all = { ...required_providers, random: { source: "hashicorp/random", version: "3.7.2" } };
    mkdirSync(path("made"));
    writeFileSync(path("made/main.tf.json"), JSON.stringify({ terraform: { required_providers: all } }));
    execFileSync("terraform", ["init", "-input=false"], { cwd: path("made"), stdio: "ignore" });
    writeFileSync(committed(), readFileSync(path("made/.terraform.lock.hcl")));
  }, 60_000);
  afterEach(() => rmSync(folder, { recursive: true }));

  const plan = (environment: Readonly<Record<string, string>> = {}) => {
    placeLockFile({ outdir: path("cdktf.out"), stack: "nodes" });
    const terraform = new Terraform({ PATH: process.env["PATH"], HOME: homedir(), ...environment });
    return terraform.run(ofNodes, ["plan", "-input=false"], 60);
  };

  test(`${fault(194)}: what it locks is taken, also by way of a cache of providers`, async () => {
    mkdirSync(path("cache"));
    expect((await plan({ TF_PLUGIN_CACHE_DIR: path("cache") })).code).toBe(0);
    expect(existsSync(path("cache/registry.terraform.io/hashicorp/null/3.2.4"))).toBe(true);
    // Terraform finds nothing to write, so that the next synthesis does not have it initialised again.
    const [block] = readFileSync(committed(), "utf8").match(/^provider "[^"]+\/null" \{$[^]*?^\}\n/m) ?? [];
    expect(readFileSync(join(ofNodes.folder, ".terraform.lock.hcl"), "utf8")).toContain(block);
    expect((await plan()).code).toBe(0);
  }, 120_000);

  test(`${fault(194)}: a provider that is another one than the team locked is refused`, async () => {
    const text = readFileSync(committed(), "utf8").replace(/"(h1|zh):[^"]*"/g, `"h1:${"A".repeat(43)}="`);
    writeFileSync(committed(), text);
    await expect(plan()).rejects.toThrow(
      /^terraform init of the stack nodes failed:\n[^]*registry\.terraform\.io\/hashicorp\/null 3\.2\.4 doesn't match any of the checksums/,
    );
  }, 120_000);
});
