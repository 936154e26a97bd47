import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { manifestHash, sha256, upstreamPath } from "../stacks/metallb/release/manifest";
import type { MetallbConfig } from "../stacks/metallb/schema/metallb";
import { systemProblem, UserError } from "../values/user-error";

type Chosen = Pick<MetallbConfig, "version" | "bgpType" | "manifest">;

const timeoutSeconds = 60;

/** Where upstream keeps the manifest of a version. */
export const upstreamUrl = (metallb: Chosen): string =>
  `https://raw.githubusercontent.com/metallb/metallb/v${metallb.version}/${upstreamPath(metallb)}`;

/**
 * Fetches upstream's release manifest and writes it to a file, whole or not at all, if it is the pinned one.
 * @param from is a URL, or a file of this machine.
 * @returns undefined if the version needs no manifest.
 * @throws UserError that names what could not be had, or the hash that is not the pinned one.
 */
export async function fetchManifest(
  metallb: Chosen,
  file: string,
  from = upstreamUrl(metallb),
): Promise<string | undefined> {
  const expected = manifestHash(metallb);
  if (expected === undefined) return undefined;
  const content = /^https?:\/\//.test(from) ? await download(from) : read(from);
  const hash = sha256(content);
  if (hash !== expected) {
    throw new UserError(
      `${from} has SHA-256 ${hash}; upstream's ${upstreamPath(metallb)} of MetalLB v${metallb.version} has ${expected}. Nothing was written`,
    );
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    const unfinished = `${file}.unfinished`;
    writeFileSync(unfinished, content);
    renameSync(unfinished, file);
  } catch (error) {
    throw systemProblem(`${file} cannot be written`, error);
  }
  return file;
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw systemProblem(`${file} cannot be read`, error);
  }
}

async function download(url: string): Promise<Buffer> {
  const cannot = (why: string, cause?: unknown) =>
    new UserError(`${url} cannot be had (${why}). Fetch it on another machine, and give it with --from FILE`, {
      cause,
    });
  const response = await fetch(url, { signal: AbortSignal.timeout(timeoutSeconds * 1000) })
    .then(async (answer) => ({ ok: answer.ok, status: answer.status, body: await answer.arrayBuffer() }))
    // Whatever goes wrong here is the network's, though fetch calls most of it a TypeError.
    .catch((error: Error) => {
      const cause = error.cause instanceof Error ? `: ${error.cause.message}` : "";
      throw cannot(`${error.message}${cause}`, error);
    });
  if (!response.ok) throw cannot(`HTTP ${response.status}`);
  return Buffer.from(response.body);
}
