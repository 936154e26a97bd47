import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { terraformProgram } from "../../stacks/shared/terraform-program";
import type { Environment } from "../../values/environment";
import { UserError } from "../../values/user-error";

/** Where this user's tokens for servers are. */
export interface TokenPlaces {
  readonly environment: Environment;
  readonly home: string;
}

/**
 * The token that Terraform has for a server, from where Terraform has it (internal/command/cliconfig): TF_TOKEN_<host>, what
 * `terraform login` wrote, or a block of the CLI configuration. Undefined where a program gives it, which only Terraform asks.
 * @throws UserError where there is none.
 */
export function tokenFor(hostname: string, { environment, home }: TokenPlaces): string | undefined {
  const files = configurationFiles({ environment, home }).filter(existsSync);
  const texts = files.map((file) => readFileSync(file, "utf8"));
  const token =
    ofEnvironment(hostname, environment) ||
    ofLogin(hostname, join(home, ".terraform.d", "credentials.tfrc.json")) ||
    texts.map((text) => ofConfiguration(hostname, text)).find((found) => found);
  if (token) return token;
  if (texts.some((text) => /^\s*credentials_helper\s/m.test(text))) return undefined;
  throw new UserError(missingToken(hostname, environment));
}

/** The variable that Terraform reads a server's token from; a server with a port has none. */
const variableOf = (hostname: string): string | undefined =>
  hostname.includes(":") ? undefined : `TF_TOKEN_${hostname.replaceAll("-", "__").replaceAll(".", "_")}`;

/** What people type to get a token for a server. */
export const loginCommand = (hostname: string, environment: Environment): string =>
  `${terraformProgram(environment).command} login ${hostname}`;

function missingToken(hostname: string, environment: Environment): string {
  const variable = variableOf(hostname);
  const { product } = terraformProgram(environment);
  const inFile = `write credentials ${JSON.stringify(hostname)} { token = … } into ${product}'s CLI configuration`;
  return `there is no token for ${hostname}: run ${loginCommand(hostname, environment)}, or in CI ${variable === undefined ? `${inFile}, since a server with a port has no variable of its own` : `export ${variable}`}`;
}

function ofEnvironment(hostname: string, environment: Environment): string | undefined {
  const host = (name: string) => name.slice("TF_TOKEN_".length).replaceAll("__", "-").replaceAll("_", ".");
  const name = Object.keys(environment).find((each) => each.startsWith("TF_TOKEN_") && host(each) === hostname);
  return name === undefined ? undefined : environment[name];
}

function ofLogin(hostname: string, file: string): string | undefined {
  if (!existsSync(file)) return undefined;
  const { credentials } = JSON.parse(readFileSync(file, "utf8")) as {
    credentials?: Record<string, { token?: string }>;
  };
  return credentials?.[hostname]?.token;
}

/** Blocks `credentials "HOST" { token = "…" }`, the one form in which this file is written. */
function ofConfiguration(hostname: string, text: string): string | undefined {
  const blocks = text.matchAll(/^\s*credentials\s+"([^"]+)"\s*\{[^}]*?\btoken\s*=\s*"([^"]+)"/gm);
  return [...blocks].find(([, host]) => host === hostname)?.[2];
}

/**
 * Terraform's CLI configuration: the one file that is named, or that of the home directory with those beside its plugins.
 * OpenTofu has a file of its own, and takes Terraform's where there is none.
 */
function configurationFiles({ environment, home }: TokenPlaces): string[] {
  const named = environment.TF_CLI_CONFIG_FILE || environment.TERRAFORM_CONFIG;
  if (named) return [named];
  const folder = join(home, ".terraform.d");
  const beside = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".tfrc")) : [];
  const ofTofu = terraformProgram(environment).product === "OpenTofu" ? [join(home, ".tofurc")] : [];
  const own = ofTofu.find(existsSync) ?? join(home, ".terraformrc");
  return [own, ...beside.map((name) => join(folder, name))];
}
