import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import packageJson from "../../package.json";
import { schemaFile } from "../init/schema-for-editors";

/** This package's own description, with the versions that it was tested with. */
export const description = packageJson;

/** A clone's folder, or node_modules/baremetal-lb, where what is compiled lies one folder deeper, below dist/. */
const folder = resolve(__dirname, existsSync(join(__dirname, "../..", schemaFile)) ? "../.." : "../../..");

/** The text of one of this package's files, by its path from the package's folder. */
export const packageFile = (path: string): string => readFileSync(join(folder, path), "utf8");
