import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TerraformProgram, terraformProgram } from "../stacks/shared/terraform-program";
import { providers } from "../stacks/shared/terraform-versions";
import { artefactFolder, type Artefact } from "./artefact";
import { lastLines } from "./command";
import { LabError } from "./lab-error";
import type { Lab } from "./lab-settings";

const timeoutSeconds = 180;

export type Availability = { readonly available: true } | { readonly available: false; readonly reason: string };

/** Whether `terraform init` can have the providers, from a registry or a mirror: tried for real, in a folder of its own. */
export function providersAvailability(program = terraformProgram(process.env)): Availability {
  const folder = mkdtempSync(join(tmpdir(), "terraform-providers-"));
  try {
    return initialise(folder, program);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The folder that `terraform init` was run in; there is no network inside the lab, so its providers are used there. */
export function providersArtefact(): Artefact {
  const program = terraformProgram(process.env);
  return {
    // OpenTofu's are those of another registry.
    name: `${program.product.toLowerCase()}-providers`,
    inputs: [providers],
    title: `${program.product} providers`,
    make: async (folder) => {
      const result = initialise(folder, program);
      if (!result.available) throw new LabError(result.reason);
    },
  };
}

/** Terraform's own configuration for a run inside the lab: providers out of the cache and from nowhere else. */
export function terraformConfiguration(lab: Lab): string {
  const mirror = join(artefactFolder(lab, providersArtefact()), ".terraform", "providers");
  return `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`;
}

function initialise(folder: string, { command, file }: TerraformProgram): Availability {
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify({ terraform: { required_providers: providers } }));
  const result = spawnSync(file, ["init", "-backend=false", "-input=false", "-no-color"], {
    cwd: folder,
    encoding: "utf8",
    timeout: timeoutSeconds * 1000,
    killSignal: "SIGKILL",
    env: { ...process.env, CHECKPOINT_DISABLE: "1" },
  });
  if (result.status === 0) return { available: true };
  if (result.error !== undefined && (result.error as NodeJS.ErrnoException).code === "ENOENT") {
    return { available: false, reason: `${file} is not installed` };
  }
  const ending = result.status === null ? `did not end within ${timeoutSeconds} s` : "failed";
  const lines = lastLines(`${result.stdout}\n${result.stderr}`, 8).map((line) => `    ${line}`);
  return { available: false, reason: [`${command} init ${ending}`, ...lines].join("\n") };
}
