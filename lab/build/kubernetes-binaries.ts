import { accessSync, constants, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { artefactFolder, provide, statusDigest, type Artefact } from "../artefact";
import { lastLines, run, runChecked } from "../command";
import { LabError } from "../lab-error";
import type { Lab } from "../lab-settings";
import type { Progress } from "../progress";
import { defaultVersions } from "../versions";

export const kubernetesPrograms = [
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kube-proxy",
  "kubelet",
  "kubeadm",
  "kubectl",
] as const;

/** A folder of programs, and what tells it from another. */
export interface Binaries {
  readonly folder: string;
  readonly digest: string;
}

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

/** A Go file that imports commands, so that go.mod and go.sum cover them. */
export function toolsFile(packages: readonly string[]): string {
  return [
    "//go:build tools",
    "",
    "package tools",
    "",
    "import (",
    ...packages.map((name) => `\t_ "${name}"`),
    ")",
    "",
  ].join("\n");
}

export const goEnvironment = { ...process.env, CGO_ENABLED: "0", GOFLAGS: "-mod=mod -buildvcs=false", GOWORK: "off" };

export function linkerFlags(version: string): string {
  const variables = "k8s.io/component-base/version";
  const [major = "", minor = ""] = version.split(".");
  return `-s -w -X ${variables}.gitVersion=v${version} -X ${variables}.gitMajor=${major} -X ${variables}.gitMinor=${minor}`;
}

function kubernetesArtefact(version: string, goVersion: string): Artefact {
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
  if (lab.binaries !== undefined || existsSync(artefactFolder(lab, kubernetesArtefact(version, goVersion)))) return;
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

export async function provideKubernetesBinaries(lab: Lab, goVersion: string, progress: Progress): Promise<Binaries> {
  const version = lab.versions.kubernetes;
  if (lab.binaries !== undefined) return checkGivenBinaries(lab.binaries, version);
  const folder = await provide(lab, kubernetesArtefact(version, goVersion), progress);
  return { folder, digest: folder };
}

async function checkGivenBinaries(folder: string, version: string): Promise<Binaries> {
  const paths = kubernetesPrograms.map((name) => join(folder, name));
  const missing = paths.filter((path) => !isExecutable(path));
  if (missing.length > 0) {
    throw new LabError(
      `--binaries ${folder}: not there, or not executable:\n${missing.map((path) => `    ${path}`).join("\n")}\nName the folder kubernetes/server/bin of an unpacked release.`,
    );
  }
  const { output } = await run([join(folder, "kubelet"), "--version"], { timeoutSeconds: 20 });
  if (output.trim() !== `Kubernetes v${version}`) {
    throw new LabError(`--binaries ${folder}: kubelet says "${output.trim()}", expected "Kubernetes v${version}".`);
  }
  return { folder, digest: statusDigest(...paths) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
