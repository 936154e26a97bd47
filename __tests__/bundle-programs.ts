import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { build, type BuildOptions, type Plugin } from "esbuild";
import { entryPoints } from "./programs";
import makeRunFolder, { runFolder } from "./run-folder";

/** Files find what lies beside them, such as scripts, where they stood; and there is no TypeScript left to compile. */
const inPlace: Plugin = {
  name: "in-place",
  setup({ onLoad, onResolve }) {
    onLoad({ filter: /\.ts$|\/cli\/bin\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(/\b__dirname\b/g, JSON.stringify(dirname(path))),
      loader: "ts",
    }));
    // What compiles a clone, and what the package has compiled.
    onResolve({ filter: /^tsx\/cjs$|^\.\.\/dist\// }, ({ path }) => ({ path, namespace: "nothing" }));
    onLoad({ filter: /.*/, namespace: "nothing" }, () => ({ contents: "" }));
  },
};

const client = "@kubernetes/client-node";

const common: BuildOptions = {
  bundle: true,
  platform: "node",
  target: "node20",
  logLevel: "error",
};

/** Loading the client's 1,500 files takes a second, in each program and in each test file; loading one takes a tenth. */
async function bundleKubernetesClient(file: string): Promise<void> {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}`;
  await build({ ...common, entryPoints: [require.resolve(client)], outfile: draft, minify: true, keepNames: true });
  renameSync(draft, file);
}

/** Beside the programs and not in them: most do without it, and would only take longer to start. */
const clientBeside = (file: string): Plugin => ({
  name: "client-beside",
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^${client}$`) }, () => ({ path: file, external: true }));
  },
});

/** Starts a bundle, in the place of the file that it has been made of. */
const starter = (file: string): string => `const file = ${JSON.stringify(file)};
const { script, keep } = require(${JSON.stringify(join(__dirname, "compiled-bundle.js"))}).compiledBundle(file);
process.once("exit", keep);
script.runInThisContext()(exports, require, module, file, __dirname);
`;

/** What of jest's configuration is used: the files that take the place of modules. */
interface ProjectConfig {
  readonly moduleNameMapper: readonly (readonly [pattern: string, file: string])[];
}

/**
 * Before all tests: one file for each program, of this project's code and of packages, but for those that look for files
 * beside themselves; and one of the client for Kubernetes, which jest.config.js puts in its place.
 */
export default async function bundlePrograms(_: unknown, { moduleNameMapper }: ProjectConfig): Promise<void> {
  makeRunFolder();
  const clientFile = moduleNameMapper.find(([pattern]) => new RegExp(pattern).test(client))?.[1];
  if (clientFile === undefined) throw new Error(`jest.config.js has no file for ${client}`);
  await bundleKubernetesClient(clientFile);
  await build({
    ...common,
    entryPoints,
    outdir: runFolder(),
    entryNames: "[name].bundle",
    // require instead: Node.js reads a file once more for import.
    supported: { "dynamic-import": false },
    external: ["cdktf", "constructs", "@cdktf/*", "ssh2"],
    plugins: [inPlace, clientBeside(clientFile)],
  });
  for (const name of Object.keys(entryPoints)) {
    writeFileSync(join(runFolder(), `${name}.js`), starter(join(runFolder(), `${name}.bundle.js`)));
  }
}
