import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { version } from "../package.json";
import { runChecked } from "./command";
import { repository, type Lab } from "./lab-settings";
import { runFiles } from "./run-files";

export interface OwnRepositoryOptions {
  /** Where the tarball is written. */
  readonly tarballs: string;
  /** What is packed. @default this tree */
  readonly tree?: string;
  /** More words for `new`. */
  readonly words?: readonly string[];
  readonly logFile?: string;
}

const minutes = (count: number) => count * 60;

/**
 * Packs this project, has `npx baremetal-lb new` make a repository with the tarball, and installs that, as a user who has a clone
 * does: docs/own-repository.md. Needs npm's registry. @throws LabError with the command that failed.
 */
export async function makeOwnRepository(
  folder: string,
  { tarballs, tree = repository, words = [], logFile }: OwnRepositoryOptions,
): Promise<void> {
  const tarball = join(tarballs, `baremetal-lb-${version}.tgz`);
  const pack = ["npm", "pack", "--silent", "--pack-destination", tarballs];
  await runChecked(pack, { cwd: tree, timeoutSeconds: minutes(8), logFile });
  rmSync(folder, { recursive: true, force: true });
  const make = [process.execPath, join(tree, "cli/bin.js"), "new", folder, "--package", tarball, ...words];
  await runChecked(make, { timeoutSeconds: minutes(1), logFile });
  const install = ["npm", "install", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"];
  await runChecked(install, { cwd: folder, timeoutSeconds: minutes(8), logFile });
}

/** Where the lab's cdktf and baremetal-lb run from. */
export interface DeployedProject {
  /** The folder with cdktf.json. */
  readonly folder: string;
  /** The program `baremetal-lb`. */
  readonly program: string;
}

/** This tree, or the repository that has its package, once `npm run lab -- --packed` has made one for this run. */
export function deployedProject(lab: Lab): DeployedProject {
  const { ownRepository } = runFiles(lab);
  // What npm writes last.
  if (existsSync(join(ownRepository, "package-lock.json"))) {
    return { folder: ownRepository, program: join(ownRepository, "node_modules/baremetal-lb/cli/bin.js") };
  }
  return { folder: repository, program: join(repository, "cli/bin.js") };
}
