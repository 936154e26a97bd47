import { chmodSync, copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { run } from "../command";
import { buildModule, downloadModule, goEnvironment, type ModuleOptions, startModule } from "./go-modules";

export const frrK8sModule = "github.com/metallb/frr-k8s";

/** Versions that module proxies know and do not serve, and which of those that they do comes next to each. */
const servedInstead: Readonly<Record<string, string>> = { "0.0.27": "0.0.26" };

/** The version itself where it can be had, or the one in its place. */
export async function servedFrrK8s(version: string, options: ModuleOptions): Promise<string> {
  const instead = servedInstead[version];
  if (instead === undefined) return version;
  const download = ["go", "mod", "download", `${frrK8sModule}@v${version}`];
  return (await run(download, { ...options, timeoutSeconds: 300 })).code === 0 ? version : instead;
}

/** Upstream's commands, and what they are called in its image. */
const programs = {
  "frr-k8s-controller": "frr-k8s",
  metrics: "frr-metrics",
  status: "frr-status",
  statuscleaner: "statuscleaner",
} as const;
const reloader = "frr-reloader.sh";

/** The names of frr-k8s' files in its image. */
export const frrK8sFiles = [...Object.values(programs), reloader] as const;

/** frr-k8s, from 0.0.22 on: its static programs, built from its Go module, and the script that reloads FRR. */
export function frrK8sArtefact(version: string, goVersion: string): Artefact {
  const packages = Object.keys(programs).map((program) => `${frrK8sModule}/cmd/${program}`);
  return {
    name: `frr-k8s-${version}`,
    inputs: [goVersion, packages],
    title: `frr-k8s ${version}, built from its Go module`,
    make: async (folder, logFile) => {
      const served = `v${await servedFrrK8s(version, { cwd: folder, env: goEnvironment, logFile })}`;
      const require = { [frrK8sModule]: served };
      const options = startModule(join(folder, "module"), goVersion, { logFile, require, packages });
      await buildModule(folder, packages, options);
      for (const [command, name] of Object.entries(programs)) renameSync(join(folder, command), join(folder, name));
      const script = join(folder, reloader);
      copyFileSync(join(await downloadModule(`${frrK8sModule}@${served}`, options), "cmd/reloader", reloader), script);
      chmodSync(script, 0o755);
    },
  };
}
