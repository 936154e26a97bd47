import { createHash } from "node:crypto";
import { createReadStream, linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked } from "../command";

/** An image of one layer. */
export interface Image {
  /** docker.io/lab/web:1 */
  readonly reference: string;
  /** The folder that becomes the image's file system. */
  readonly root: string;
  readonly entrypoint: readonly string[];
}

/** Numeric owners, a fixed order and time: the same content makes the same layer. */
const reproducible = ["--numeric-owner", "--owner=0", "--group=0", "--sort=name", "--mtime=@0"];
const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/**
 * Writes images into one archive as `docker save` does, for `ctr images import`.
 * Format: https://github.com/moby/docker-image-spec/blob/main/v1.2.md#combined-image-json--filesystem-changeset-format
 */
export async function writeDockerArchive(file: string, images: readonly Image[], logFile?: string): Promise<void> {
  const staging = `${file}.parts`;
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const manifest: unknown[] = [];
  for (const [index, image] of images.entries()) {
    const layer = join(staging, `layer-${index}.tar`);
    await runChecked(["tar", "-C", image.root, ...reproducible, "-cf", layer, "."], { logFile, timeoutSeconds: 300 });
    const digest = await sha256(layer);
    const layerPath = `${digest}.tar`;
    renameSync(layer, join(staging, layerPath));
    const config = JSON.stringify({
      architecture: "amd64",
      os: "linux",
      config: { Entrypoint: image.entrypoint, Env: [`PATH=${path}`] },
      rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
    });
    const configPath = `${createHash("sha256").update(config).digest("hex")}.json`;
    writeFileSync(join(staging, configPath), config);
    manifest.push({ Config: configPath, RepoTags: [image.reference], Layers: [layerPath] });
  }
  writeFileSync(join(staging, "manifest.json"), JSON.stringify(manifest));
  await runChecked(["tar", "-C", staging, ...reproducible, "-cf", file, "."], { logFile, timeoutSeconds: 300 });
  rmSync(staging, { recursive: true });
}

/** Makes a root file system of single files: their places in the image, and where they come from. */
export function assembleRoot(folder: string, files: Readonly<Record<string, string>>): string {
  for (const [place, source] of Object.entries(files)) {
    const target = join(folder, place);
    mkdirSync(join(target, ".."), { recursive: true });
    linkSync(source, target);
  }
  return folder;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}
