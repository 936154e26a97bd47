import { existsSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

/** The schema's name in this package, and in a clone of it. */
export const schemaFile = "cluster.schema.json";

/** Where it is from a folder that has this package in its node_modules. */
export const schemaInPackage = `node_modules/baremetal-lb/${schemaFile}`;

/**
 * Where an editor finds the schema of a cluster.yaml, as the file names it: beside the file, as in a clone, or in the package
 * that the repository depends on, whose node_modules may lie in a folder above. Undefined where it is in none of them.
 */
export function schemaFrom(folder: string): string | undefined {
  if (existsSync(join(folder, schemaFile))) return `./${schemaFile}`;
  const found = foldersUpFrom(resolve(folder)).find((one) => existsSync(join(one, schemaInPackage)));
  if (found === undefined) return undefined;
  const path = relative(resolve(folder), join(found, schemaInPackage)).replaceAll(sep, "/");
  return path.startsWith("../") ? path : `./${path}`;
}

const foldersUpFrom = (folder: string): string[] =>
  dirname(folder) === folder ? [folder] : [folder, ...foldersUpFrom(dirname(folder))];
