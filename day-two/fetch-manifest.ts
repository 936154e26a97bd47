import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import {
  type ChosenManifest,
  foreignInManifest,
  manifestHash,
  sha256,
  upstreamPath,
} from "../stacks/metallb/release/manifest";
import { isKnown, usesCustomResources } from "../stacks/metallb/release/releases";
import { systemProblem, UserError } from "../values/user-error";

const timeoutSeconds = 60;

/** Where upstream keeps the manifest of a version. */
export const upstreamUrl = (metallb: ChosenManifest): string =>
  `https://raw.githubusercontent.com/metallb/metallb/v${metallb.version}/${upstreamPath(metallb)}`;

/**
 * Fetches upstream's release manifest and writes it to a file, whole or not at all, if it is the pinned one.
 * @param from is a URL, or a file of this machine.
 * @returns undefined if the version needs no manifest.
 * @throws UserError that names what could not be had, or the hash that is not the pinned one; of a version that nobody
 * pinned, with what is to be done with its hash.
 */
export async function fetchManifest(
  metallb: ChosenManifest,
  file: string,
  from = upstreamUrl(metallb),
): Promise<string | undefined> {
  if (!usesCustomResources(metallb.version)) return undefined;
  const content = /^https?:\/\//.test(from) ? await download(from) : read(from);
  const wrong = refusal(content, from, metallb);
  if (wrong !== undefined) throw new UserError(`${wrong}. Nothing was written`);
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

/** Why what was fetched is not written; undefined if it is the pinned manifest. */
function refusal(content: Buffer, from: string, metallb: ChosenManifest): string | undefined {
  const { version } = metallb;
  const upstreams = `upstream's ${upstreamPath(metallb)} of MetalLB v${version}`;
  const [hash, expected] = [sha256(content), manifestHash(metallb)];
  if (expected !== undefined && hash !== expected) {
    const whose = isKnown(version) ? `${upstreams} has` : "metallb.manifestSHA256 says";
    return `${from} has SHA-256 ${hash}; ${whose} ${expected}`;
  }
  const foreign = foreignInManifest(content.toString("utf8"), metallb);
  if (foreign !== undefined) return `${from}, ${foreign}, is not ${upstreams}`;
  if (expected !== undefined) return undefined;
  return `${from} has SHA-256 ${hash}. MetalLB ${version} is none of the versions that the stacks know, so that they cannot say whether it is upstream's: compare it with the one of another network or of a clone (${inClone(metallb)}), write it into cluster.yaml, below metallb, as manifestSHA256: ${hash}, and run this again`;
}

const inClone = (metallb: ChosenManifest): string =>
  `git show v${metallb.version}:${upstreamPath(metallb)} | sha256sum`;

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
