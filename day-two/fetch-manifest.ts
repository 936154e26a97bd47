import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { manifestHash, sha256, upstreamPath } from "../stacks/metallb/release/manifest";
import type { MetallbConfig } from "../stacks/metallb/schema/metallb";
import { messageOf } from "./message-of";

type Chosen = Pick<MetallbConfig, "version" | "bgpType" | "manifest">;

const timeoutSeconds = 60;

/** Where upstream keeps the manifest of a version. */
export const upstreamUrl = (metallb: Chosen): string =>
  `https://raw.githubusercontent.com/metallb/metallb/v${metallb.version}/${upstreamPath(metallb)}`;

/**
 * Fetches upstream's release manifest and writes it to a file, whole or not at all, if it is the pinned one.
 * @param from is a URL, or a file of this machine.
 * @returns undefined if the version needs no manifest.
 * @throws Error that names what could not be had, or the hash that is not the pinned one.
 */
export async function fetchManifest(
  metallb: Chosen,
  file: string,
  from = upstreamUrl(metallb),
): Promise<string | undefined> {
  const expected = manifestHash(metallb);
  if (expected === undefined) return undefined;
  const content = /^https?:\/\//.test(from) ? await download(from) : readFileSync(from);
  const hash = sha256(content);
  if (hash !== expected) {
    throw new Error(
      `${from} has SHA-256 ${hash}; upstream's ${upstreamPath(metallb)} of MetalLB v${metallb.version} has ${expected}. Nothing was written`,
    );
  }
  mkdirSync(dirname(file), { recursive: true });
  const unfinished = `${file}.unfinished`;
  writeFileSync(unfinished, content);
  renameSync(unfinished, file);
  return file;
}

async function download(url: string): Promise<Buffer> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutSeconds * 1000) });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return Buffer.from(await response.arrayBuffer());
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? `: ${messageOf(error.cause)}` : "";
    throw new Error(
      `${url} cannot be had (${messageOf(error)}${cause}). Fetch it on another machine, and give it with --from FILE`,
      { cause: error },
    );
  }
}
