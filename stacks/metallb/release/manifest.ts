import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { errorCode } from "../../../values/error-code";
import { expandHome } from "../../../values/paths";
import { ConfigurationError, type Problem } from "../../../values/problem";
import type { MetallbConfig } from "../schema/metallb";
import { foreignContent, type Manifest, manifestObjects } from "./manifest-objects";
import { isKnown, releaseOf, usesCustomResources } from "./releases";

/** What of MetalLB's section says which manifest it needs. */
export type ChosenManifest = Pick<MetallbConfig, "version" | "bgpType" | "manifest" | "manifestSHA256">;

/** The manifest's path in upstream's repository, at the tag v<version>. */
export const upstreamPath = ({ bgpType }: Pick<ChosenManifest, "bgpType">): string =>
  `config/manifests/metallb-${bgpType}.yaml`;

/** Where the manifest is: metallb.manifest, or metallb-v<version>-<bgpType>.yaml, beside the file that names it. */
export function manifestFile(
  { version, bgpType, manifest }: ChosenManifest,
  clusterFile: string,
  home: string,
): string {
  const path = manifest ?? `metallb-v${version}-${bgpType}.yaml`;
  return resolve(dirname(clusterFile), expandHome(path, home));
}

/**
 * The SHA-256 that the manifest must have: that of the table or, of a version that is not in it, that of cluster.yaml.
 * Undefined where neither says one, and in the ConfigMap family, which has no manifest.
 */
export const manifestHash = ({ version, bgpType, manifestSHA256 }: ChosenManifest): string | undefined =>
  isKnown(version) ? releaseOf(version).manifests?.[bgpType] : manifestSHA256;

/** What a text has that the manifest of the chosen version cannot have. A known version's is known by its hash. */
export const foreignInManifest = (text: string, metallb: ChosenManifest): string | undefined =>
  isKnown(metallb.version) ? undefined : foreignContent(text, metallb);

/** What a text hashes to, as `manifestHash` has it. */
export const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** What is wrong with the manifest that a configuration needs; undefined if nothing is, or if it needs none. */
export function manifestProblem(metallb: ChosenManifest, clusterFile: string, home: string): Problem | undefined {
  const reading = read(metallb, clusterFile, home);
  return reading !== undefined && "problem" in reading ? reading.problem : undefined;
}

/**
 * Reads upstream's release manifest of the chosen version; undefined in the ConfigMap family, which needs none.
 * @throws ConfigurationError if the file is not there, or is not the one that upstream released.
 */
export function readManifest(metallb: ChosenManifest, clusterFile: string, home: string): Manifest | undefined {
  const reading = read(metallb, clusterFile, home);
  if (reading === undefined) return undefined;
  if ("problem" in reading) throw new ConfigurationError([reading.problem]);
  return manifestObjects(reading.text);
}

function read(
  metallb: ChosenManifest,
  clusterFile: string,
  home: string,
): { readonly text: string } | { readonly problem: Problem } | undefined {
  if (!usesCustomResources(metallb.version)) return undefined;
  const expectedHash = manifestHash(metallb);
  const file = manifestFile(metallb, clusterFile, home);
  const problem = (given: string): { readonly problem: Problem } => ({
    problem: {
      severity: "error",
      file: clusterFile,
      path: "metallb.manifest",
      given,
      expected: `upstream's ${upstreamPath(metallb)} of MetalLB v${metallb.version}, SHA-256 ${expectedHash ?? "as metallb.manifestSHA256 has to say it"}`,
      remedy: "fetch it with npx baremetal-lb manifest, and keep it beside the cluster's file",
    },
  });
  try {
    const content = readFileSync(file);
    const hash = sha256(content);
    if (hash !== expectedHash) return problem(`${file}, whose SHA-256 is ${hash}`);
    const text = content.toString("utf8");
    const foreign = foreignInManifest(text, metallb);
    return foreign === undefined ? { text } : problem(`${file}, ${foreign}`);
  } catch (error) {
    const code = errorCode(error);
    return problem(`${file}, which ${code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? error})`}`);
  }
}
