import { chmodSync, copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentDigest, type Artefact } from "../artefact";
import { runChecked } from "../command";
import { LabError } from "../lab-error";
import { repository } from "../lab-settings";
import { bgpTypesIn, usesCustomResources, type MetallbVersion } from "../../stacks/metallb/release/releases";
import { hasFrrTools } from "../bgp-types";
import { metallbManifest } from "../versions";
import { frrK8sModule, servedFrrK8s } from "./frr-k8s";
import { buildModule, downloadModule, goEnvironment, type ModuleOptions, startModule } from "./go-modules";

const labSources = join(repository, "lab");

/** The places of upstream's sources that the speaker's image has more of, for pods with FRR. */
const frrTools = { programs: ["cp-tool", "metrics"], reloader: "frr-tools/reloader/frr-reloader.sh" } as const;

/** The names, in the speaker's image, of what upstream's pods with FRR copy out of it. */
export const speakerTools = ["cp-tool", "frr-metrics", "frr-reloader.sh"] as const;

/** MetalLB's static programs, built from its Go module, and upstream's manifests where those have custom resources. */
export function metallbArtefact(version: MetallbVersion, goVersion: string): Artefact {
  const name = "go.universe.tf/metallb";
  const withFrr = hasFrrTools(version);
  const packages = [
    ...["controller", "speaker"].map((program) => `${name}/${program}`),
    ...(withFrr ? frrTools.programs.map((program) => `${name}/frr-tools/${program}`) : []),
  ];
  return {
    name: `metallb-${version}`,
    inputs: [goVersion, packages],
    title: `MetalLB ${version}, built from its Go module`,
    make: async (folder, logFile) => {
      const module = join(folder, "module");
      const options = startModule(module, goVersion, { logFile, require: { [name]: `v${version}` }, packages });
      const sources = await downloadModule(`${name}@v${version}`, options);
      if (usesCustomResources(version)) {
        for (const bgpType of bgpTypesIn(version)) {
          const manifest = join(sources, "config/manifests", `metallb-${bgpType}.yaml`);
          copyFileSync(manifest, join(folder, metallbManifest(version, bgpType)));
        }
      }
      await takeReplacements(sources, options);
      await replaceFrrK8s(module, version, options);
      await buildModule(folder, packages, options);
      if (withFrr) {
        renameSync(join(folder, "metrics"), join(folder, "frr-metrics"));
        const reloader = join(folder, "frr-reloader.sh");
        copyFileSync(join(sources, frrTools.reloader), reloader);
        chmodSync(reloader, 0o755);
      }
    },
  };
}

/**
 * Replaces modules by the versions that MetalLB's own go.mod replaces them by, which says nothing to a module that requires
 * MetalLB: up to 0.12 it needs modules of Kubernetes that there are only as such.
 */
async function takeReplacements(sources: string, options: ModuleOptions): Promise<void> {
  const read = ["go", "mod", "edit", "-json", join(sources, "go.mod")];
  const { stdout } = await runChecked(read, { ...options, timeoutSeconds: 60 });
  const { Replace } = JSON.parse(stdout) as { Replace: { Old: GoModule; New: GoModule }[] | null };
  const written = ({ Path, Version }: GoModule) => (Version === undefined ? Path : `${Path}@${Version}`);
  const replacements = (Replace ?? []).map(({ Old, New }) => `-replace=${written(Old)}=${written(New)}`);
  if (replacements.length > 0)
    await runChecked(["go", "mod", "edit", ...replacements], { ...options, timeoutSeconds: 60 });
}

/** As `go mod edit -json` has it. A replacement without a version is a folder. */
interface GoModule {
  readonly Path: string;
  readonly Version?: string;
}

/** The version of frr-k8s that MetalLB is built with, where that is one that module proxies do not serve. */
const frrK8sNeeded: Readonly<Record<string, string>> = { "0.16.2": "0.0.27" };

/**
 * Where the version of frr-k8s that MetalLB needs cannot be had the build uses the one that can, with the two declarations
 * that MetalLB misses there.
 */
async function replaceFrrK8s(module: string, metallb: string, options: ModuleOptions): Promise<void> {
  const needed = frrK8sNeeded[metallb];
  if (needed === undefined) return;
  const served = await servedFrrK8s(needed, options);
  if (served === needed) return;
  const copy = join(module, "frr-k8s");
  const sources = await downloadModule(`${frrK8sModule}@v${served}`, options);
  await runChecked(["cp", "-r", "--no-preserve=mode", sources, copy], { ...options, timeoutSeconds: 60 });
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
  if (changed === text) throw new LabError(`${frrK8sModule}@v${served} has no "type Advertise struct {"`);
  writeFileSync(types, changed);
  await runChecked(["go", "mod", "edit", `-replace=${frrK8sModule}=./frr-k8s`], { ...options, timeoutSeconds: 60 });
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
