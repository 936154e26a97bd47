import { readFileSync } from "node:fs";
import { join } from "node:path";

/** The scripts that run on nodes; each is the file <name>.sh beside this one. */
export type ScriptName =
  | "install-ipvs"
  | "remove-ipvs"
  | "require-ipvs"
  | "before-kube-proxy"
  | "after-kube-proxy"
  | "roll-out-kube-proxy"
  | "prove-kube-proxy"
  | "restore-kube-proxy"
  | "roll-out-metallb";

/** Without comments: a stack repeats the scripts that run at destroy for every node. */
const read = (name: string): string =>
  readFileSync(join(__dirname, `${name}.sh`), "utf8").replace(/^\s*(#.*)?\n/gm, "");

/** Pieces that stand between the preamble and a script. */
const includes: Partial<Record<ScriptName, readonly string[]>> = {
  "before-kube-proxy": ["kube-proxy-status"],
  "after-kube-proxy": ["kube-proxy-status"],
  "prove-kube-proxy": ["kube-proxy-status"],
  "roll-out-kube-proxy": ["kubectl"],
  "restore-kube-proxy": ["kubectl"],
  "roll-out-metallb": ["kubectl"],
};

/** The text of a script, with the preamble that gives it its error handling and its sudo, and what it includes. */
export const scriptText = (name: ScriptName): string =>
  ["preamble", ...(includes[name] ?? []), name].map(read).join("");

/** Shell assignments, one a line, that no value can break out of. */
export const assignments = (parameters: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}='${String(value).replaceAll("'", `'\\''`)}'`)
    .join("\n");
