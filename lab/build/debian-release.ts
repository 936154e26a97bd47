import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { LabError } from "../lab-error";

/** The Debian release that the nodes are made of: this machine's own, from its own mirror. */
export interface DebianRelease {
  readonly codename: string;
  /** Undefined: debootstrap's default. */
  readonly mirror: string | undefined;
}

interface AptSource {
  readonly uri: string;
  readonly suite: string;
  readonly components: readonly string[];
}

/** Reads the one-line form of sources.list(5). */
export function parseSourcesList(text: string): AptSource[] {
  return text.split("\n").flatMap((line) => {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+?)\s*(?:#.*)?$/.exec(line.trim());
    if (match === null) return [];
    const [, uri = "", suite = "", components = ""] = match;
    return [{ uri, suite, components: components.split(/\s+/) }];
  });
}

/** Reads the deb822 form of sources.list(5). */
export function parseSourcesStanzas(text: string): AptSource[] {
  return text.split(/\n[ \t]*\n/).flatMap((stanza) => {
    const fields = new Map<string, string[]>();
    let current = "";
    for (const line of stanza.split("\n")) {
      if (line.startsWith("#")) continue;
      const match = /^([A-Za-z-]+):(.*)$/.exec(line);
      current = match?.[1]?.toLowerCase() ?? current;
      const words = (match?.[2] ?? line).split(/\s+/).filter((word) => word !== "");
      if (current !== "") fields.set(current, [...(fields.get(current) ?? []), ...words]);
    }
    const of = (name: string) => fields.get(name) ?? [];
    if (!of("types").includes("deb") || of("enabled")[0] === "no") return [];
    return of("uris").flatMap((uri) => of("suites").map((suite) => ({ uri, suite, components: of("components") })));
  });
}

/** The mirror that this machine has the release itself from, not its updates nor anybody else's packages. */
export function chooseMirror(sources: readonly AptSource[], codename: string): string | undefined {
  return sources.find(
    ({ uri, suite, components }) => suite === codename && components.includes("main") && /^https?:/.test(uri),
  )?.uri;
}

export function readDebianRelease(etc = "/etc"): DebianRelease {
  const codename = /^VERSION_CODENAME="?([a-z]+)"?$/m.exec(readFileSync(join(etc, "os-release"), "utf8"))?.[1];
  if (codename === undefined) {
    throw new LabError("/etc/os-release has no VERSION_CODENAME: the lab needs a stable release of the Debian family.");
  }
  const parts = join(etc, "apt", "sources.list.d");
  const files = [
    join(etc, "apt", "sources.list"),
    ...(existsSync(parts) ? readdirSync(parts).sort() : []).map((name) => join(parts, name)),
  ].filter((file) => existsSync(file));
  const sources = files.flatMap((file) => {
    const text = readFileSync(file, "utf8");
    return file.endsWith(".sources") ? parseSourcesStanzas(text) : parseSourcesList(text);
  });
  return { codename, mirror: chooseMirror(sources, codename) };
}
