import { spawnSync } from "node:child_process";
import { providersAvailability } from "../../lab/providers";
import { terraformProgram } from "../../stacks/shared/terraform-program";
import { isSince } from "../../values/versions";

/** `describe` where Terraform and its providers can be had; elsewhere its tests count as skipped, and it says why. */
export const describeWithProviders = (what: string): jest.Describe => describeWith(what, [process.env]);

/** OpenTofu: what TERRAFORM_BINARY_NAME names where that is one, or tofu. */
export const openTofu: NodeJS.ProcessEnv = {
  ...process.env,
  TERRAFORM_BINARY_NAME:
    terraformProgram(process.env).product === "OpenTofu" ? process.env["TERRAFORM_BINARY_NAME"] : "tofu",
};

/** Terraform, whatever TERRAFORM_BINARY_NAME names. */
export const ownTerraform: NodeJS.ProcessEnv = {
  ...process.env,
  TERRAFORM_BINARY_NAME:
    terraformProgram(process.env).product === "Terraform" ? process.env["TERRAFORM_BINARY_NAME"] : "terraform",
};

/** The same where each of some programs can be had with its providers. */
export function describeWith(what: string, environments: readonly NodeJS.ProcessEnv[]): jest.Describe {
  for (const environment of environments) {
    const providers = providersAvailability(terraformProgram(environment));
    if (providers.available) continue;
    console.warn(`SKIPPED: ${what}, since no provider can be had: ${providers.reason}`);
    return describe.skip;
  }
  return describe;
}

/** The same where the program is new enough. */
export function describeSince(version: string, what: string): jest.Describe {
  const { file, product } = terraformProgram(process.env);
  const said = spawnSync(file, ["version", "-json"], { encoding: "utf8", timeout: 20_000 }).stdout;
  const found = /"terraform_version": *"([^"]+)"/.exec(said ?? "")?.[1];
  if (found === undefined || isSince(found, version)) return describeWithProviders(what);
  console.warn(`SKIPPED: ${what}, which needs ${product} ${version}: this is ${found}`);
  return describe.skip;
}
