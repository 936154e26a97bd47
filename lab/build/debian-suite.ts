import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aptEnvironment } from "../host-packages";
import { LabError } from "../lab-error";
import type { DebianRelease } from "./debian-release";

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
