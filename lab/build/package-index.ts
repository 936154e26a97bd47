import { createHash } from "node:crypto";
import { readFileSync, readdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runChecked } from "../command";

/** One package of the index: its control fields, and where apt finds the file and how it knows it. */
export function packageStanza(control: string, fileName: string, content: Buffer): string {
  return [
    control.trim(),
    `Filename: ./${fileName}`,
    `Size: ${content.length}`,
    `SHA256: ${createHash("sha256").update(content).digest("hex")}`,
    "",
  ].join("\n");
}

/** apt writes a version's epoch into the name as 1%3a, which a web server takes for a colon. */
export function servedName(fileName: string): string {
  return fileName.replaceAll("%3a", ".");
}

/** Makes a folder of .deb files a flat repository: deb [trusted=yes] <address> ./ */
export async function writePackagesIndex(folder: string): Promise<void> {
  const stanzas: string[] = [];
  for (const downloaded of readdirSync(folder).sort()) {
    if (!downloaded.endsWith(".deb")) continue;
    const name = servedName(downloaded);
    renameSync(join(folder, downloaded), join(folder, name));
    const { stdout } = await runChecked(["dpkg-deb", "--field", join(folder, name)], { timeoutSeconds: 30 });
    stanzas.push(packageStanza(stdout, name, readFileSync(join(folder, name))));
  }
  writeFileSync(join(folder, "Packages"), stanzas.join("\n"));
}
