import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { extract } from "tar-stream";

// What a report is looked through for, by means of its own: nothing of what takes the secrets out of it.

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A secret as it might be written, each form long enough to be nothing else. */
function formsOf(secret: string): string[] {
  const aligned = [0, 1, 2].map((before) => base64("x".repeat(before) + secret).slice(before === 0 ? 0 : 4, -4));
  const urls = aligned.map((one) => one.replaceAll("+", "-").replaceAll("/", "_"));
  const lines = secret.split("\n").filter((line) => line.length > 20 && !line.startsWith("-----"));
  const escaped = JSON.stringify(secret).slice(1, -1);
  const hex = Buffer.from(secret).toString("hex");
  const encoded = encodeURIComponent(secret);
  const whole = [secret.trim(), escaped, encoded, encoded.toLowerCase(), hex];
  return [...whole, ...aligned, ...urls, ...lines, ...lines.map(base64)];
}

/** What was found of secrets in a text, by their names. */
export const leakedFrom = (text: string, secrets: Readonly<Record<string, string>>): string[] =>
  Object.entries(secrets).flatMap(([name, secret]) =>
    formsOf(secret).flatMap((form) => (text.includes(form) ? [`${name}: ${form}`] : [])),
  );

/** Every file of an archive by its path below the archive's one folder. */
export async function unpacked(
  archive: string,
): Promise<{ readonly folder: string; readonly files: Record<string, string>; readonly modes: number[] }> {
  const files: Record<string, string> = {};
  const modes = new Set<number>();
  const folders = new Set<string>();
  const unpack = extract();
  unpack.end(gunzipSync(readFileSync(archive)));
  for await (const entry of unpack) {
    const parts: Buffer[] = [];
    for await (const part of entry as AsyncIterable<Buffer>) parts.push(part);
    const [folder = "", ...path] = entry.header.name.split("/");
    folders.add(folder);
    modes.add(entry.header.mode ?? 0);
    files[path.join("/")] = Buffer.concat(parts).toString("utf8");
  }
  if (folders.size !== 1) throw new Error(`the archive has ${folders.size} folders`);
  return { folder: [...folders].join(), files, modes: [...modes] };
}
