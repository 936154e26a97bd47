import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artefactFolder, type Artefact } from "../artefact";
import { lastLines, run, runChecked } from "../command";
import { requireKubernetesRelease } from "../kubernetes-release";
import { LabError } from "../lab-error";
import type { Lab } from "../lab-settings";
import { defaultVersions } from "../versions";
import { goEnvironment, toolsFile } from "./go-modules";
import { kubernetesPrograms, linkerFlags } from "./kubernetes-programs";

/**
 * The go.mod that k8s.io/kubernetes can be built from as a dependency: its own replaces the staging modules by folders
 * beside it, which are not in the published module; each is published as v0.<minor>.<patch>.
 */
export function kubernetesModule(version: string, upstreamModule: string): string {
  const go = /^go (\S+)$/m.exec(upstreamModule)?.[1] ?? "1.25.0";
  return [
    "module lab/kubernetes",
    "",
    `go ${go}`,
    "",
    `require k8s.io/kubernetes v${version}`,
    "",
    "replace (",
    ...stagingModules(upstreamModule).map((name) => `\t${name} => ${name} ${stagingVersion(version)}`),
    ")",
    "",
  ].join("\n");
}

/** The modules that k8s.io/kubernetes keeps in folders of its own. */
function stagingModules(upstreamModule: string): string[] {
  return [...upstreamModule.matchAll(/^\s+(k8s\.io\/[a-z0-9-]+) v0\.0\.0\s*$/gm)].flatMap((match) => match[1] ?? []);
}

const stagingVersion = (version: string) => `v0${version.slice(1)}`;

/** Kubernetes out of its published Go modules. */
export function moduleKubernetesArtefact(version: string, goVersion: string): Artefact {
  const packages = kubernetesPrograms.map((name) => `k8s.io/kubernetes/cmd/${name}`);
  return {
    name: `kubernetes-${version}`,
    inputs: [goVersion, packages, linkerFlags(version)],
    title: `Kubernetes ${version}, built from its Go modules`,
    hint: "about 10 minutes the first time",
    make: async (target, logFile) => {
      const module = join(target, "module");
      mkdirSync(module);
      const options = { cwd: module, env: goEnvironment, logFile };
      writeFileSync(join(module, "go.mod"), "module lab/kubernetes\n");
      const download = ["go", "mod", "download", "-json", `k8s.io/kubernetes@v${version}`];
      const { stdout } = await runChecked(download, { ...options, timeoutSeconds: 600 });
      const { GoMod } = JSON.parse(stdout) as { GoMod: string };
      writeFileSync(join(module, "go.mod"), kubernetesModule(version, readFileSync(GoMod, "utf8")));
      writeFileSync(join(module, "tools.go"), toolsFile(packages));
      await runChecked(["go", "mod", "tidy", "-e"], { ...options, timeoutSeconds: 1200 });
      const build = ["go", "build", "-ldflags", linkerFlags(version), "-o", `${target}/`, ...packages];
      await runChecked(build, { ...options, timeoutSeconds: 3600 });
    },
  };
}

/** Says within seconds, and not after minutes of building, that a version's modules are not all published. */
export async function checkKubernetesModules(
  lab: Lab,
  goVersion: string,
  env: NodeJS.ProcessEnv = goEnvironment,
): Promise<void> {
  const version = lab.versions.kubernetes;
  if (lab.binaries !== undefined || requireKubernetesRelease(version).source !== "goModules") return;
  if (existsSync(artefactFolder(lab, moduleKubernetesArtefact(version, goVersion)))) return;
  const go = async (...command: readonly string[]) => {
    const { code, stdout, output } = await run(["go", ...command], { cwd: tmpdir(), env, timeoutSeconds: 300 });
    if (code === 0) return stdout;
    throw new LabError(
      [
        `Kubernetes ${version} cannot be built: its Go modules are not all to be had.`,
        ...lastLines(output, 5).map((line) => `    ${line}`),
        `Choose another version, such as ${defaultVersions.kubernetes}, or give its programs with --binaries DIR.`,
      ].join("\n"),
    );
  };
  const kubernetes = `k8s.io/kubernetes@v${version}`;
  // The build needs it too. `go list` names the go.mod of a module that was downloaded.
  await go("mod", "download", kubernetes);
  const { GoMod } = JSON.parse(await go("list", "-m", "-json", kubernetes)) as { GoMod: string };
  const staging = stagingModules(readFileSync(GoMod, "utf8"));
  await go("list", "-m", ...staging.map((name) => `${name}@${stagingVersion(version)}`));
}
