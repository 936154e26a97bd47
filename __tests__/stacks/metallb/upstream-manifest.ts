import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Manifest } from "../../../stacks/metallb/release/manifest-objects";
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

/** `describe` where upstream's sources can be had; elsewhere its tests count as skipped, and it says why. */
export function describeWithUpstream(what: string, versions: readonly MetallbVersion[], tests: () => void): void {
  try {
    versions.forEach(upstreamFolder);
  } catch (error) {
    console.warn(`SKIPPED: ${what}, since Go cannot get MetalLB's sources: ${(error as Error).message}`);
    describe.skip(what, tests);
    return;
  }
  describe(what, tests);
}

/** The path of upstream's release manifest. */
export const upstreamManifestFile = (version: MetallbVersion, bgpType: BgpType = "native"): string =>
  join(upstreamFolder(version), "config", "manifests", `metallb-${bgpType}.yaml`);

const manifests = new Map<string, Manifest>();

/** Upstream's release manifest, read without the code under test; the same objects at every call. */
export function upstreamManifest(version: MetallbVersion, bgpType: BgpType = "native"): Manifest {
  const file = upstreamManifestFile(version, bgpType);
  const known = manifests.get(file);
  if (known !== undefined) return known;
  const manifest = parseAllDocuments(readFileSync(file, "utf8")).map((document) => document.toJS() as Manifest[number]);
  manifests.set(file, manifest);
  return manifest;
}

/** The hash of a file's content, in hexadecimal. */
export const fileHash = (file: string): string => createHash("sha256").update(readFileSync(file)).digest("hex");
