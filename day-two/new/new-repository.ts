import { randomUUID } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, type Stats, statSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { errorCode } from "../../values/error-code";
import { systemProblem, UserError } from "../../values/user-error";
import { addIgnoredFiles } from "../init/ignored-files";
import { schemaFile, schemaInPackage } from "../init/schema-for-editors";
import { description, packageFile } from "./package-files";

/** Where the workflows of docs/ci run. */
export const platforms = ["github", "gitlab"] as const;

export interface NewOptions {
  /** Writes the workflows for it, too. @default none */
  readonly ci?: (typeof platforms)[number];
  /** Writes the example as cluster.yaml. @default false: `init` writes it for a cluster as it is */
  readonly example?: boolean;
  /**
   * What package.json says of this package, or a tarball of `npm pack`, which is copied into the repository.
   * @default this version, from npm's registry
   */
  readonly package?: string;
}

/**
 * Makes a repository of the team's own that has this project as a dependency: cluster.yaml, if it is asked for, and what
 * `npm install` and cdktf need around it. Writes nothing where the folder has anything but .git in it.
 * @returns the files' paths in the folder, sorted
 * @throws UserError where the folder or the package is none to use, and where the system refuses.
 */
export function newRepository(folder: string, options: NewOptions): readonly string[] {
  refuseOthersFolder(folder);
  const given = givenPackage(options.package);
  const files: Readonly<Record<string, string>> = {
    "package.json": json(packageJson(given.dependency)),
    "cdktf.json": json(cdktfJson()),
    "README.md": readme(basename(resolve(folder)), options),
    ...(options.example && { "cluster.yaml": example() }),
    ...workflows(options.ci),
  };
  try {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text, { flag: "wx" });
    }
    if (given.tarball !== undefined) copyFileSync(given.tarball, join(folder, basename(given.tarball)));
  } catch (error) {
    throw systemProblem(`${folder} cannot be written`, error);
  }
  addIgnoredFiles(folder);
  const copied = given.tarball === undefined ? [] : [basename(given.tarball)];
  return [...Object.keys(files), ...copied, ".gitignore"].sort();
}

const json = (value: object): string => `${JSON.stringify(value, undefined, 2)}\n`;

/** A clone of a repository that is still empty has .git, and nothing else. */
function refuseOthersFolder(folder: string): void {
  const others = entriesOf(folder).filter((name) => name !== ".git");
  if (others.length === 0) return;
  const more = others.length > 3 ? ` and ${others.length - 3} more` : "";
  throw new UserError(
    `${folder} has files in it (${others.slice(0, 3).join(", ")}${more}), and new overwrites nothing: name a folder that is empty, or is not there yet`,
  );
}

function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    const code = errorCode(error);
    if (code === "ENOENT") return [];
    if (code === "ENOTDIR")
      throw new UserError(`${folder} is a file: name a folder that is empty, or is not there yet`);
    throw systemProblem(`${folder} cannot be read`, error);
  }
}

interface GivenPackage {
  /** What package.json says of it. */
  readonly dependency: string;
  /** The file to copy. */
  readonly tarball?: string;
}

function givenPackage(given = description.version): GivenPackage {
  const found = statOf(given);
  if (found?.isDirectory()) {
    throw new UserError(
      `--package ${given} is a folder, which npm would link and not install: run npm pack in it, and name the tarball that it writes`,
    );
  }
  if (found !== undefined) return { dependency: `file:${basename(given)}`, tarball: given };
  if (/\.t(ar\.)?gz$/.test(given) && !given.includes("://")) {
    throw new UserError(
      `--package ${given}: no such file; expected a tarball that npm pack wrote, or what package.json may say of a dependency, such as ${description.version}`,
    );
  }
  return { dependency: given };
}

const statOf = (path: string): Stats | undefined => statSync(path, { throwIfNoEntry: false });

/** cdktf's CLI takes its terminal from there: an addon that every Node.js loads; docs/adr/0001-cdktf.md. */
const terminal = "@cdktf/node-pty-prebuilt-multiarch";

function packageJson(dependency: string): object {
  const { devDependencies, name } = description;
  return {
    private: true,
    scripts: {
      check: "baremetal-lb check",
      diff: "baremetal-lb diff",
      deploy: "cdktf deploy '*'",
      drift: "baremetal-lb drift",
    },
    dependencies: {
      [terminal]: devDependencies[terminal],
      [name]: dependency,
      cdktf: devDependencies.cdktf,
      "cdktf-cli": devDependencies["cdktf-cli"],
      constructs: devDependencies.constructs,
    },
    overrides: { [terminal]: `$${terminal}` },
  };
}

/** This project's own, but for the app, which Node.js finds where npm has installed it: in the folder or above. */
const cdktfJson = (): object => ({
  ...(JSON.parse(packageFile("cdktf.json")) as object),
  app: `node -e "require('${description.name}/app')"`,
  projectId: randomUUID(),
});

/** The example as the folder's own file, whose editor finds the schema in the package. */
const example = (): string =>
  packageFile("cluster.example.yaml")
    .replace(schemaFile, schemaInPackage)
    .replace("Copy this file to cluster.yaml and describe", "This is an example: describe");

/** The workflows of docs/ci, whose first line says where to copy them. */
function workflows(ci: NewOptions["ci"]): Readonly<Record<string, string>> {
  const workflow = (name: string) => packageFile(`docs/ci/${name}`).replace(/^# Copy to \S+\. /, "# ");
  if (ci === undefined) return {};
  if (ci === "gitlab") return { ".gitlab-ci.yml": workflow("gitlab-ci.yml") };
  return Object.fromEntries(
    ["apply.yml", "drift.yml", "pull-request.yml"].map((name) => [`.github/workflows/${name}`, workflow(name)]),
  );
}

const readme = (title: string, { example: hasExample, ci }: NewOptions): string => `# ${title}

LoadBalancer Services for a bare-metal cluster, by [baremetal-lb](node_modules/${description.name}/README.md).

\`\`\`sh
npm install                # and commit package-lock.json
${hasExample ? "" : "npx baremetal-lb init      # asks the cluster of your kubeconfig, and writes cluster.yaml\n"}npx baremetal-lb trust     # reads the nodes' SSH host keys, and records them${hasExample ? " in cluster.yaml, once it is yours" : ""}
npx baremetal-lb check     # what is wrong with cluster.yaml, or what would be built
npx baremetal-lb diff      # what a deploy would do
npx cdktf deploy '*'
\`\`\`

Later: \`npx baremetal-lb --help\`. A newer one: \`npm install --save-exact ${description.name}@VERSION\`, and look at \`diff\` again.
${ci === undefined ? "" : `The workflows' secrets and runners: [docs/ci](node_modules/${description.name}/docs/ci/README.md).\n`}`;
