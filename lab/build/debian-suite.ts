import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lastLines } from "../command";
import { aptEnvironment } from "../host-packages";
import { LabError } from "../lab-error";
import { type DebianRelease, readDebianRelease } from "./debian-release";

const keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";

/**
 * The environment in which apt knows one suite of Debian, programs and sources, from this machine's own mirror. What it
 * fetches stays in the folder; this machine's own lists and sources are neither used nor changed.
 */
export function aptOfSuite(folder: string, { mirror }: DebianRelease, suite: string): NodeJS.ProcessEnv {
  if (mirror === undefined) {
    throw new LabError("apt's sources name no mirror of this machine's own release, and so none to have Debian from.");
  }
  const [lists, cache] = [join(folder, "lists"), join(folder, "cache")];
  for (const place of [join(lists, "partial"), join(cache, "archives", "partial")])
    mkdirSync(place, { recursive: true });
  const options = existsSync(keyring) ? `[signed-by=${keyring}] ` : "";
  const sources = join(folder, "sources.list");
  writeFileSync(sources, ["deb", "deb-src"].map((type) => `${type} ${options}${mirror} ${suite} main\n`).join(""));
  const configuration = join(folder, "apt.conf");
  const settings = {
    "Dir::Etc::sourcelist": sources,
    "Dir::Etc::sourceparts": "-",
    "Dir::State::lists": lists,
    "Dir::Cache": cache,
    // The lab's folder is for root alone.
    "APT::Sandbox::User": "root",
  };
  writeFileSync(
    configuration,
    Object.entries(settings)
      .map(([name, value]) => `${name} "${value}";\n`)
      .join(""),
  );
  return { ...aptEnvironment, APT_CONFIG: configuration };
}

/** Where apt is asked: this machine's release and its environment, if no others are given. */
export interface Asked {
  readonly release?: DebianRelease;
  readonly environment?: NodeJS.ProcessEnv;
}

export type SuiteAnswer = { readonly said: string } | { readonly reason: string };

/** What `apt-cache` says of a suite's packages, or why apt cannot know: asked for real, with lists in a folder of their own. */
export function askSuite(
  suite: string,
  question: readonly string[],
  { release = readDebianRelease(), environment = process.env }: Asked = {},
): SuiteAnswer {
  const folder = mkdtempSync(join(tmpdir(), "debian-suite-"));
  try {
    const env = { ...environment, ...aptOfSuite(folder, release, suite), PATH: environment.PATH };
    const ask = (program: string, args: readonly string[]) =>
      spawnSync(program, args, { encoding: "utf8", env, timeout: 120_000, killSignal: "SIGKILL" });
    const update = ask("apt-get", ["update", "-q", "--error-on=any"]);
    if (update.status === 0) return { said: ask("apt-cache", question).stdout };
    const said = lastLines(`${update.stdout}\n${update.stderr}`, 5).map((line) => `    ${line}`);
    return { reason: ["apt-get update failed", ...said].join("\n") };
  } catch (error) {
    if (error instanceof LabError) return { reason: error.message };
    throw error;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
