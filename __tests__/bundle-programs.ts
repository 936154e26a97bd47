import { mkdirSync, mkdtempSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { build, type Plugin } from "esbuild";
import { entryPoints, folderVariable } from "./programs";

const project = resolve(__dirname, "..");

/** Files find what lies beside them, such as scripts, where they stood; and there is no TypeScript left to compile. */
const inPlace: Plugin = {
  name: "in-place",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/\b__dirname\b/g, JSON.stringify(dirname(path))),
      loader: "ts",
    }));
    onResolve({ filter: /^tsx\/cjs$/ }, () => ({ path: "tsx", namespace: "nothing" }));
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "" }));
  },
};

/** Before all tests: one file for each program, of this project's code; packages stay where they are. */
export default async function bundlePrograms(): Promise<void> {
  // Below the project, so that the packages are found, and one for each run, since the code may change during another.
  mkdirSync(join(project, ".cache"), { recursive: true });
  const folder = mkdtempSync(join(project, ".cache/programs-"));
  await build({
    entryPoints,
    outdir: folder,
    bundle: true,
    packages: "external",
    platform: "node",
    target: "node20",
    plugins: [inPlace],
    logLevel: "warning",
  });
  process.env[folderVariable] = folder;
}
