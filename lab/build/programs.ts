import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentDigest, type Artefact } from "../artefact";
import { runChecked } from "../command";
import { repository } from "../lab-settings";
import { metallbManifest, usesCustomResources } from "../versions";
import { goEnvironment, toolsFile } from "./kubernetes-binaries";

const labSources = join(repository, "lab");

/** MetalLB's two static programs, built from its Go module, and upstream's manifest where that has custom resources. */
export function metallbArtefact(version: string, goVersion: string): Artefact {
  const name = "go.universe.tf/metallb";
  const packages = ["controller", "speaker"].map((program) => `${name}/${program}`);
  return {
    name: `metallb-${version}`,
    inputs: [goVersion, packages],
    title: `MetalLB ${version}, built from its Go module`,
    make: async (folder, logFile) => {
      const module = join(folder, "module");
      mkdirSync(module);
      const options = { cwd: module, env: goEnvironment, logFile };
      const go = /\d+\.\d+/.exec(goVersion)?.[0] ?? "1.25";
      writeFileSync(join(module, "go.mod"), `module lab/metallb\n\ngo ${go}\n\nrequire ${name} v${version}\n`);
      writeFileSync(join(module, "tools.go"), toolsFile(packages));
      const download = ["go", "mod", "download", "-json", `${name}@v${version}`];
      const { stdout } = await runChecked(download, { ...options, timeoutSeconds: 300 });
      if (usesCustomResources(version)) {
        const { Dir } = JSON.parse(stdout) as { Dir: string };
        copyFileSync(join(Dir, "config/manifests/metallb-native.yaml"), join(folder, metallbManifest(version)));
      }
      await runChecked(["go", "mod", "tidy", "-e"], { ...options, timeoutSeconds: 600 });
      const build = ["go", "build", "-ldflags", "-s -w", "-o", `${folder}/`, ...packages];
      await runChecked(build, { ...options, timeoutSeconds: 1200 });
    },
  };
}

/** The lab's own programs: the workload, the pause process of a pod, the server of the package repository. */
export function labProgramsArtefact(goVersion: string): Artefact {
  const workload = join(labSources, "workload");
  const packageServer = join(labSources, "package-server");
  return {
    name: "lab-programs",
    inputs: [goVersion, contentDigest(workload, packageServer)],
    title: "the lab's own programs",
    make: async (folder, logFile) => {
      for (const [name, cwd] of [
        ["web", workload],
        ["package-server", packageServer],
      ] as const) {
        const build = ["go", "build", "-ldflags", "-s -w", "-o", join(folder, name), "."];
        await runChecked(build, { cwd, env: goEnvironment, logFile, timeoutSeconds: 300 });
      }
      const compile = ["gcc", "-static", "-O2", "-o", join(folder, "pause"), join(workload, "pause.c")];
      await runChecked(compile, { logFile, timeoutSeconds: 60 });
    },
  };
}
