import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { UserError } from "../../values/user-error";
import { folderOf, type StackFolder } from "./stack-folder";

/** Terraform's name for it, in a stack's folder and, committed for all of them, beside CDKTF's output. */
const lockFile = ".terraform.lock.hcl";

/**
 * Gives a stack, once it is synthesised, its part of the team's lock file, if there is one: CDKTF's output is not committed,
 * and Terraform would take whatever provider it gets first for the one to lock. Only its part, since Terraform wants to be
 * initialised again where a provider is locked that a stack does not use.
 * @throws UserError where a provider is not in it, or another version of it than the stacks pin.
 */
export function placeLockFile(folder: StackFolder): void {
  const committed = resolve(folder.outdir, "..", lockFile);
  if (!existsSync(committed)) return;
  // The form that Terraform gives to it: a block begins and ends at the start of a line.
  const blocks = readFileSync(committed, "utf8").match(/^provider "[^"]+" \{$[^]*?^\}$/gm) ?? [];
  const ofStack = requiredProviders(folder).map(({ source, version }) => {
    const block = blocks.find((text) => new RegExp(`^provider "[^"]+/${source}" `).test(text));
    const locked = /^ +version +?= "([^"]+)"$/m.exec(block ?? "")?.[1];
    if (block === undefined || locked !== version)
      throw new UserError(outdated(committed, { source, version, locked }));
    return block;
  });
  writeFileSync(join(folderOf(folder), lockFile), ofStack.map((block) => `${block}\n`).join("\n"));
}

interface Provider {
  /** "hashicorp/null" */
  readonly source: string;
  readonly version: string;
}

function requiredProviders(folder: StackFolder): Provider[] {
  const text = readFileSync(join(folderOf(folder), "cdk.tf.json"), "utf8");
  const { terraform } = JSON.parse(text) as { terraform: { required_providers?: Record<string, Provider> } };
  return Object.values(terraform.required_providers ?? {}).map(({ source, version }) => ({
    source: source.includes("/") ? source : `hashicorp/${source}`,
    version,
  }));
}

const outdated = (file: string, { source, version, locked }: Provider & { readonly locked: string | undefined }) =>
  `${file}: given ${locked === undefined ? `nothing for ${source}` : `${source} ${locked}`}, and the stacks use ${version}; move it away, and make it anew as docs/ci/README.md says under "Providers"`;
