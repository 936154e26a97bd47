import { join, resolve } from "node:path";

const project = resolve(__dirname, "..");

/** The program as users have it: compiled as it is loaded, which takes a second at every start. */
export const program = join(project, "cli/bin.js");

/** Programs that tests start in a process of their own, by the name of their bundle. */
export const entryPoints = {
  cli: program,
  main: join(project, "main.ts"),
  interrupted: join(__dirname, "cli/interrupted.ts"),
};

/** Where the bundles of this run are; set by bundle-programs.ts. */
export const folderVariable = "BAREMETAL_LB_TEST_PROGRAMS";

/** The file of a bundle. It runs as its entry point does, without the time to compile it. */
export function bundled(name: keyof typeof entryPoints): string {
  const folder = process.env[folderVariable];
  if (folder === undefined)
    throw new Error(`${folderVariable} is not set: jest.config.js has bundle-programs.ts set it`);
  return join(folder, `${name}.js`);
}

/** What a program said on the error stream but for its progress, which it shows where the machine is slow. */
export const withoutProgress = (stderr: string): string => stderr.replace(/^.* …\n/gm, "");
