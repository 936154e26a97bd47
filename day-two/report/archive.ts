import { gzipSync } from "node:zlib";
import { pack } from "tar-stream";

/** A file as it is in the archive. */
export interface ArchivedFile {
  /** Its path there. */
  readonly name: string;
  readonly text: string;
}

/** A .tar.gz of files in one folder, which their user alone may read when they are unpacked. */
export async function archiveOf(folder: string, files: readonly ArchivedFile[], made: Date): Promise<Buffer> {
  const archive = pack();
  for (const { name, text } of files) archive.entry({ name: `${folder}/${name}`, mode: 0o600, mtime: made }, text);
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive as AsyncIterable<Buffer>) parts.push(part);
  return gzipSync(Buffer.concat(parts));
}
