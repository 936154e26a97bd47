import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { parseAllDocuments } from "yaml";
import { errorCode } from "../../../values/error-code";
import { expandHome } from "../../../values/paths";
import { ConfigurationError, type Problem } from "../../../values/problem";
import type { MetallbConfig } from "../schema/metallb";
import { releaseOf } from "./releases";

/** An object of Kubernetes as a manifest has it. */
export interface ManifestObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly [key: string]: unknown };
  readonly [key: string]: unknown;
}

/** Upstream's release manifest, whole. */
export type Manifest = readonly ManifestObject[];

type Chosen = Pick<MetallbConfig, "version" | "bgpType" | "manifest">;

/** The manifest's path in upstream's repository, at the tag v<version>. */
export const upstreamPath = ({ bgpType }: Pick<Chosen, "bgpType">): string =>
  `config/manifests/metallb-${bgpType}.yaml`;

/** Where the manifest is: metallb.manifest, or metallb-v<version>-<bgpType>.yaml, beside the file that names it. */
export function manifestFile({ version, bgpType, manifest }: Chosen, clusterFile: string, home: string): string {
  const path = manifest ?? `metallb-v${version}-${bgpType}.yaml`;
  return resolve(dirname(clusterFile), expandHome(path, home));
}

/** The SHA-256 that the manifest must have; undefined in the ConfigMap family, which has none. */
export const manifestHash = ({ version, bgpType }: Chosen): string | undefined =>
  releaseOf(version).manifests?.[bgpType];

/** What a text hashes to, as `manifestHash` has it. */
export const sha256 = (text: string | Buffer): string => createHash("sha256").update(text).digest("hex");

/** What is wrong with the manifest that a configuration needs; undefined if nothing is, or if it needs none. */
export function manifestProblem(metallb: Chosen, clusterFile: string, home: string): Problem | undefined {
  const reading = read(metallb, clusterFile, home);
  return reading !== undefined && "problem" in reading ? reading.problem : undefined;
}

/**
 * Reads upstream's release manifest of the chosen version; undefined in the ConfigMap family, which needs none.
 * @throws ConfigurationError if the file is not there, or is not the one that upstream released.
 */
export function readManifest(metallb: Chosen, clusterFile: string, home: string): Manifest | undefined {
  const reading = read(metallb, clusterFile, home);
  if (reading === undefined) return undefined;
  if ("problem" in reading) throw new ConfigurationError([reading.problem]);
  return parseAllDocuments(reading.text).map((document) => document.toJS() as ManifestObject);
}

function read(
  metallb: Chosen,
  clusterFile: string,
  home: string,
): { readonly text: string } | { readonly problem: Problem } | undefined {
  const expectedHash = manifestHash(metallb);
  if (expectedHash === undefined) return undefined;
  const file = manifestFile(metallb, clusterFile, home);
  const problem = (given: string): { readonly problem: Problem } => ({
    problem: {
      severity: "error",
      file: clusterFile,
      path: "metallb.manifest",
      given,
      expected: `upstream's ${upstreamPath(metallb)} of MetalLB v${metallb.version}, SHA-256 ${expectedHash}`,
      remedy: "fetch it with npx baremetal-lb manifest, and keep it beside the cluster's file",
    },
  });
  try {
    const text = readFileSync(file);
    const hash = sha256(text);
    return hash === expectedHash ? { text: text.toString("utf8") } : problem(`${file}, whose SHA-256 is ${hash}`);
  } catch (error) {
    const code = errorCode(error);
    return problem(`${file}, which ${code === "ENOENT" ? "does not exist" : `cannot be read (${code ?? error})`}`);
  }
}
