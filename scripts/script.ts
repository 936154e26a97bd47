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
  | "prove-proxy-rules"
  | "prove-unmanaged-proxy"
  | "clean-kube-proxy"
  | "restore-kube-proxy"
  | "roll-out-metallb"
  | "roll-out-metallb-crds"
  | "prove-address-pools";

/** The script that looks at a node; it runs from a command line, with no file on the node. */
const probe = "probe-node";

/** Without comments: a stack repeats the scripts that run at destroy for every node. */
const read = (name: string): string =>
  readFileSync(join(__dirname, `${name}.sh`), "utf8").replace(/^\s*(#.*)?\n/gm, "");

/** Pieces that stand between the preamble and a script. */
const includes: Partial<Record<ScriptName | typeof probe, readonly string[]>> = {
  "install-ipvs": ["ipvs-needs", "firewalld"],
  "require-ipvs": ["ipvs-needs"],
  "before-kube-proxy": ["kube-proxy-status"],
  "after-kube-proxy": ["kube-proxy-status", "kube-proxy-leftovers"],
  "clean-kube-proxy": ["kube-proxy-status", "kube-proxy-leftovers"],
  "prove-kube-proxy": ["kube-proxy-status", "ipvs-table"],
  "prove-proxy-rules": ["kube-proxy-status", "api-service-rules"],
  "prove-unmanaged-proxy": ["kube-proxy-status"],
  "roll-out-kube-proxy": ["kubectl"],
  "restore-kube-proxy": ["kubectl"],
  "roll-out-metallb": ["kubectl", "metallb"],
  "roll-out-metallb-crds": ["kubectl", "metallb", "custom-resources"],
  "prove-address-pools": ["kubectl", "metallb", "custom-resources"],
  [probe]: ["ipvs-needs", "firewalld", "kube-proxy-status", "ipvs-table", "api-service-rules"],
};

const withIncludes = (name: ScriptName | typeof probe): string[] => [...(includes[name] ?? []), name];

/** The text of a script, with the preamble that gives it its error handling and its sudo, and what it includes. */
export const scriptText = (name: ScriptName): string =>
  ["environment", "preamble", ...withIncludes(name)].map(read).join("");

/** The text of the script that looks at a node, for a shell's command line. */
export const probeText = (): string => ["environment", ...withIncludes(probe)].map(read).join("");

/** Shell assignments, one a line, that no value can break out of. */
export const assignments = (parameters: Readonly<Record<string, string | number | boolean>>): string =>
  Object.entries(parameters)
    .map(([name, value]) => `${name}='${String(value).replaceAll("'", `'\\''`)}'`)
    .join("\n");
