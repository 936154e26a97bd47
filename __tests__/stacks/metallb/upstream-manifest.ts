import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "../../../stacks/metallb/release/manifest";
import type { BgpType, MetallbVersion } from "../../../stacks/metallb/release/releases";

const folders = new Map<string, string>();

/** Upstream's sources of a version: the Go module, downloaded where it is missing, and checked by Go's checksums. */
export function upstreamFolder(version: MetallbVersion): string {
  const known = folders.get(version);
  if (known !== undefined) return known;
  const module = `go.universe.tf/metallb@v${version}`;
  const options = { cwd: tmpdir(), encoding: "utf8", timeout: 170_000 } as const;
  const { Dir } = JSON.parse(execFileSync("go", ["mod", "download", "-json", module], options)) as { Dir: string };
  folders.set(version, Dir);
  return Dir;
}

/** The path of upstream's release manifest. */
export const upstreamManifestFile = (version: MetallbVersion, bgpType: BgpType = "native"): string =>
  join(upstreamFolder(version), "config", "manifests", `metallb-${bgpType}.yaml`);

/** Upstream's release manifest, read without the code under test. */
export function upstreamManifest(version: MetallbVersion, bgpType: BgpType = "native"): Manifest {
  const text = readFileSync(upstreamManifestFile(version, bgpType), "utf8");
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest[number]);
}

/** The hash of a file's content, in hexadecimal. */
export const fileHash = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
