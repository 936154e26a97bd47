import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Project, synthesise } from "../remote/terraform/project";
import type { Stack } from "../remote/terraform/stack";
import { plain, Terraform } from "../remote/terraform/terraform";
import { UserError } from "../values/user-error";
import type { ProviderSchemas } from "./blocks";
import { hclOf, type JsonObject } from "./write";

const schemaSeconds = 120;
const formatSeconds = 60;

const head = `# Written by npm run synth:hcl, out of cluster.yaml. Terraform plans it over the state that the stack has.

`;

/**
 * Synthesises the stacks as HCL, each to main.tf in a folder of its own, and gives the folders. Terraform is asked what of
 * its providers' resources is a block.
 * @throws UserError for a mistake in cluster.yaml, and where Terraform or its providers cannot be had.
 */
export async function synthesiseHcl(project: Project): Promise<string[]> {
  const terraform = new Terraform(project.environment);
  const stacks = await synthesise(project);
  try {
    const read = stacks.map((stack) => ({ stack, configuration: configurationOf(stack) }));
    const schemas = await providerSchemas(
      terraform,
      read.map(({ configuration }) => configuration),
    );
    const written = read.map(({ stack, configuration }) => ({ stack, hcl: head + hclOf(configuration, schemas) }));
    removeOthers(project, stacks);
    for (const { stack, hcl } of written) {
      writeFileSync(join(stack.folder, file), hcl);
      await checked(terraform, stack, ["fmt", "-list=false", file], formatSeconds);
    }
    return stacks.map(({ folder }) => folder);
  } finally {
    // Terraform reads all that is in a folder, and would find everything twice.
    for (const { folder } of stacks) rmSync(jsonOf(folder), { force: true });
    rmSync(join(project.outdir, "manifest.json"), { force: true });
  }
}

const file = "main.tf";
const jsonOf = (folder: string): string => join(folder, "cdk.tf.json");

/** A stack's, of which the providers are read here, too. */
type Configuration = JsonObject & { readonly terraform: { readonly required_providers: JsonObject } };

const configurationOf = ({ folder }: Stack): Configuration => JSON.parse(readFileSync(jsonOf(folder), "utf8"));

/** The configuration of a stack that is no longer one, such as metallb-crds after a way back to a version with a ConfigMap. */
function removeOthers({ outdir }: Project, stacks: readonly Stack[]): void {
  const folder = join(outdir, "stacks");
  for (const name of readdirSync(folder)) {
    if (!stacks.some((stack) => stack.name === name)) rmSync(join(folder, name, file), { force: true });
  }
}

/** The schemas of all providers that configurations require, from a folder that has no state. */
async function providerSchemas(
  terraform: Terraform,
  configurations: readonly Configuration[],
): Promise<ProviderSchemas> {
  const scratch = mkdtempSync(join(tmpdir(), "baremetal-lb-hcl-"));
  try {
    const required = configurations.map(({ terraform: { required_providers: providers } }) => providers);
    const merged = { terraform: { required_providers: Object.assign({}, ...required) as JsonObject } };
    writeFileSync(join(scratch, "main.tf.json"), JSON.stringify(merged));
    const stack = { name: "providers", folder: scratch };
    return JSON.parse(await checked(terraform, stack, ["providers", "schema", "-json"], schemaSeconds));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

async function checked(terraform: Terraform, stack: Stack, args: readonly string[], seconds: number): Promise<string> {
  const { code, stdout, output } = await terraform.run(stack, args, seconds);
  if (code !== 0) throw new UserError(`terraform ${args[0]} of the stack ${stack.name} failed:\n${plain(output)}`);
  return stdout;
}
