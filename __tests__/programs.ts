import { join, resolve } from "node:path";
import { runFolder } from "./run-folder";

const project = resolve(__dirname, "..");

/** The program as users have it: compiled as it is loaded, which takes a second at every start. */
export const program = join(project, "cli/bin.js");

/** Programs that tests start in a process of their own, by the name of their bundle. */
export const entryPoints = {
  cli: program,
  main: join(project, "main.ts"),
  interrupted: join(__dirname, "cli/interrupted.ts"),
};

/** The file of a bundle, which bundle-programs.ts makes. It runs as its entry point does, without the time to compile it. */
export const bundled = (name: keyof typeof entryPoints): string => join(runFolder(), `${name}.js`);

/** The same without what starts it: a script that a process may run again. */
export const bundleOf = (name: keyof typeof entryPoints): string => join(runFolder(), `${name}.bundle.js`);

/** What a program said on the error stream but for its progress, which it shows where the machine is slow. */
export const withoutProgress = (stderr: string): string => stderr.replace(/^.* …\n/gm, "");
