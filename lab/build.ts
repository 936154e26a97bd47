import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { baseImage, baseImageArtefact } from "./build/base-image";
import { debianProgramsArtefact, programPaths } from "./build/debian-programs";
import { readDebianRelease } from "./build/debian-release";
import { kubeProxySystemArtefact, nodeSystemArtefact } from "./build/debian-system";
import { imageArchive, imagesArtefact, metallbImagesArtefact } from "./build/images";
import { kernelArtefact } from "./build/kernel";
import { provideKubernetesBinaries } from "./build/kubernetes-binaries";
import { checkKubernetesModules } from "./build/kubernetes-modules";
import { labProgramsArtefact, metallbArtefact } from "./build/programs";
import { provide } from "./artefact";
import { endRunningCommands, runChecked } from "./command";
import { isBuilt } from "./kernel-release";
import type { Lab } from "./lab-settings";
import type { Progress } from "./progress";
import { usesCustomResources, type MetallbVersion } from "../stacks/metallb/release/releases";
import { metallbManifest, metallbModuleVersion, metallbOnNodes } from "./versions";

/** What a run of the lab needs of the cache. */
export interface Build {
  /** Folder of the Kubernetes programs. */
  readonly binaries: string;
  readonly etcd: string;
  readonly linux: string;
  readonly packageServer: string;
  /** Folder of the repository that the nodes install from. */
  readonly packages: string;
  readonly baseImage: string;
  /** The archives of MetalLB's images, one for each version. */
  readonly metallbImages: readonly string[];
  /** Upstream's manifests, of the versions with custom resources. */
  readonly metallbManifests: readonly string[];
}

/** Makes whatever the cache lacks. The compiler and the Debian systems, which mostly wait for the disk, go side by side. */
export async function build(lab: Lab, progress: Progress): Promise<Build> {
  mkdirSync(lab.cache, { recursive: true });
  chmodSync(lab.folder, 0o700);
  const release = readDebianRelease();
  const goVersion = (await runChecked(["go", "env", "GOVERSION"], { timeoutSeconds: 30 })).stdout.trim();

  await checkKubernetesModules(lab, goVersion);

  const compile = async () => {
    const labPrograms = await provide(lab, labProgramsArtefact(goVersion), progress);
    const metallb: MetallbBuild[] = [];
    for (const version of metallbOnNodes(lab.versions)) {
      metallb.push(await buildMetallb(lab, version, goVersion, progress));
    }
    const kubernetes = await provideKubernetesBinaries(lab, goVersion, progress);
    return { labPrograms, metallb, kubernetes };
  };
  const unpack = async () => {
    const debianPrograms = await provide(lab, debianProgramsArtefact(release), progress);
    const { kernel } = lab.versions;
    const userModeLinux = isBuilt(kernel)
      ? await provide(lab, kernelArtefact(kernel, debianPrograms), progress)
      : debianPrograms;
    const nodeSystem = await provide(lab, nodeSystemArtefact(release), progress);
    const kubeProxySystem = await provide(lab, kubeProxySystemArtefact(release), progress);
    return { debianPrograms, userModeLinux, nodeSystem, kubeProxySystem };
  };
  const [compiled, unpacked] = await together(compile, unpack);

  const { labPrograms, metallb, kubernetes } = compiled;
  const { debianPrograms, userModeLinux, nodeSystem, kubeProxySystem } = unpacked;
  const images = await provide(
    lab,
    imagesArtefact(lab.versions.kubernetes, { kubernetes, labPrograms, kubeProxySystem }),
    progress,
  );
  const base = await provide(
    lab,
    baseImageArtefact(lab.versions, { kubernetes, nodeSystem, userModeLinux, images }),
    progress,
  );
  return {
    binaries: kubernetes.folder,
    etcd: join(debianPrograms, programPaths.etcd),
    linux: join(userModeLinux, programPaths.linux),
    packageServer: join(labPrograms, "package-server"),
    packages: join(nodeSystem, "packages"),
    baseImage: join(base, baseImage),
    metallbImages: metallb.map(({ images: archive }) => archive),
    metallbManifests: metallb.flatMap(({ manifest }) => manifest ?? []),
  };
}

interface MetallbBuild {
  /** The archive of its images. */
  readonly images: string;
  readonly manifest: string | undefined;
}

async function buildMetallb(
  lab: Lab,
  version: MetallbVersion,
  goVersion: string,
  progress: Progress,
): Promise<MetallbBuild> {
  const folder = await provide(lab, metallbArtefact(metallbModuleVersion(version), goVersion), progress);
  const images = await provide(lab, metallbImagesArtefact(version, folder), progress);
  return {
    images: join(images, imageArchive),
    manifest: usesCustomResources(version) ? join(folder, metallbManifest(version)) : undefined,
  };
}

/** Runs both at once; when one fails the other is not waited for. */
async function together<A, B>(first: () => Promise<A>, second: () => Promise<B>): Promise<[A, B]> {
  try {
    return await Promise.all([first(), second()]);
  } catch (error) {
    endRunningCommands();
    throw error;
  }
}
