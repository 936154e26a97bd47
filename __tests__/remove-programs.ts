import { rmSync } from "node:fs";
import { folderVariable } from "./programs";

/** After all tests: what bundle-programs.ts made. */
export default function removePrograms(): void {
  const folder = process.env[folderVariable];
  if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
}
