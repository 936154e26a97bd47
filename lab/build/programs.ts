import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentDigest, type Artefact } from "../artefact";
import { run, runChecked, type CommandOptions } from "../command";
import { LabError } from "../lab-error";
import { repository } from "../lab-settings";
import { usesCustomResources, type MetallbVersion } from "../../stacks/metallb/release/releases";
import { metallbManifest } from "../versions";
import { goEnvironment, toolsFile } from "./go-modules";

const labSources = join(repository, "lab");

/** MetalLB's two static programs, built from its Go module, and upstream's manifest where that has custom resources. */
export function metallbArtefact(version: MetallbVersion, goVersion: string): Artefact {
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
      await replaceFrrK8s(module, version, options);
      await runChecked(["go", "mod", "tidy", "-e"], { ...options, timeoutSeconds: 600 });
      const build = ["go", "build", "-ldflags", "-s -w", "-o", `${folder}/`, ...packages];
      await runChecked(build, { ...options, timeoutSeconds: 1200 });
    },
  };
}

/** Versions of MetalLB that need a module which module proxies do not serve, and the version of it that they do. */
const frrK8s = { module: "github.com/metallb/frr-k8s", needed: { "0.16.2": "v0.0.27" }, served: "v0.0.26" } as const;

/**
 * MetalLB 0.16.2 needs frr-k8s v0.0.27, which module proxies know and do not serve. Where it cannot be had the build uses
 * the version before with the two declarations that MetalLB misses there. They are for BGP by frr-k8s, which the lab does
 * not run: its manifests are those of native mode.
 */
async function replaceFrrK8s(
  module: string,
  metallb: string,
  options: Omit<CommandOptions, "timeoutSeconds">,
): Promise<void> {
  const needed = (frrK8s.needed as Readonly<Record<string, string>>)[metallb];
  if (needed === undefined) return;
  const download = (version: string) =>
    run(["go", "mod", "download", "-json", `${frrK8s.module}@${version}`], { ...options, timeoutSeconds: 300 });
  if ((await download(needed)).code === 0) return;
  const { Dir } = JSON.parse((await download(frrK8s.served)).stdout) as { Dir: string };
  const copy = join(module, "frr-k8s");
  await runChecked(["cp", "-r", "--no-preserve=mode", Dir, copy], { ...options, timeoutSeconds: 60 });
  const types = join(copy, "api", "v1beta1", "frrconfiguration_types.go");
  const text = readFileSync(types, "utf8");
  const changed = text.replace(
    "type Advertise struct {",
    `type AsPathPrependPrefixes struct {
	Prefixes      []string \`json:"prefixes,omitempty"\`
	AsPathPrepend uint8    \`json:"asPathPrepend,omitempty"\`
}

type Advertise struct {
	PrefixesWithAsPathPrepend []AsPathPrependPrefixes \`json:"withAsPathPrepend,omitempty"\``,
  );
  if (changed === text) throw new LabError(`${frrK8s.module}@${frrK8s.served} has no "type Advertise struct {"`);
  writeFileSync(types, changed);
  await runChecked(["go", "mod", "edit", `-replace=${frrK8s.module}=./frr-k8s`], { ...options, timeoutSeconds: 60 });
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
