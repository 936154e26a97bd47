import { rmSync } from "node:fs";
import { runFolder } from "./run-folder";

/** After all tests: the folder that they shared. */
export default function removeRunFolder(): void {
  rmSync(runFolder(), { recursive: true, force: true });
}
