import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { provide, statusDigest, type Artefact } from "../artefact";
import { run } from "../command";
import { requireKubernetesRelease } from "../kubernetes-release";
import { LabError } from "../lab-error";
import type { Lab } from "../lab-settings";
import type { Progress } from "../progress";
import { debianKubernetesArtefact } from "./debian-kubernetes";
import { moduleKubernetesArtefact } from "./kubernetes-modules";
import { kubernetesPrograms } from "./kubernetes-programs";

/** A folder of programs, and what tells it from another. */
export interface Binaries {
  readonly folder: string;
  readonly digest: string;
}

function kubernetesArtefact(version: string, goVersion: string): Artefact {
  return requireKubernetesRelease(version).source === "debianSource"
    ? debianKubernetesArtefact(version)
    : moduleKubernetesArtefact(version, goVersion);
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
