import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { baseImage, baseImageArtefact } from "./build/base-image";
import { debianProgramsArtefact, programPaths } from "./build/debian-programs";
import { readDebianRelease } from "./build/debian-release";
import { frrSystemArtefact, kubeProxySystemArtefact, nodeSystemArtefact } from "./build/debian-system";
import { frrK8sArtefact } from "./build/frr-k8s";
import {
  frrImageArtefact,
  frrK8sImageArtefact,
  imageArchive,
  imagesArtefact,
  metallbImagesArtefact,
} from "./build/images";
import { kernelArtefact } from "./build/kernel";
import { provideKubernetesBinaries } from "./build/kubernetes-binaries";
import { checkKubernetesModules } from "./build/kubernetes-modules";
import { imagesNamed, versionOf } from "./build/manifest-images";
import { labProgramsArtefact, metallbArtefact } from "./build/programs";
import { provide } from "./artefact";
import { needsFrr } from "./bgp-types";
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
  /** The archives of MetalLB's images, one for each version, and of FRR's where it does BGP. */
  readonly metallbImages: readonly string[];
  /** Upstream's manifests, of the versions with custom resources: one for each bgpType. */
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
    const frrSystem = needsFrr(lab.bgpTypes) ? await provide(lab, frrSystemArtefact(release), progress) : undefined;
    return { debianPrograms, userModeLinux, nodeSystem, kubeProxySystem, frrSystem };
  };
  const [compiled, unpacked] = await together(compile, unpack);

  const { labPrograms, metallb, kubernetes } = compiled;
  const { debianPrograms, userModeLinux, nodeSystem, kubeProxySystem, frrSystem } = unpacked;
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
  const frrImages = frrSystem === undefined ? [] : await buildFrrImages(lab, metallb, frrSystem, progress);
  return {
    binaries: kubernetes.folder,
    etcd: join(debianPrograms, programPaths.etcd),
    linux: join(userModeLinux, programPaths.linux),
    packageServer: join(labPrograms, "package-server"),
    packages: join(nodeSystem, "packages"),
    baseImage: join(base, baseImage),
    metallbImages: [...metallb.map(({ images: archive }) => archive), ...frrImages],
    metallbManifests: metallb.flatMap(({ manifests }) => manifests),
  };
}

interface MetallbBuild {
  readonly version: MetallbVersion;
  /** The archive of its images. */
  readonly images: string;
  /** Upstream's, one for each bgpType of the run. */
  readonly manifests: readonly string[];
  /** Where it is to run: the name of its image, and the folder of its programs. */
  readonly frrK8s?: { readonly reference: string; readonly programs: string };
}

async function buildMetallb(
  lab: Lab,
  version: MetallbVersion,
  goVersion: string,
  progress: Progress,
): Promise<MetallbBuild> {
  const folder = await provide(lab, metallbArtefact(metallbModuleVersion(version), goVersion), progress);
  const images = await provide(lab, metallbImagesArtefact(version, folder), progress);
  const manifests = usesCustomResources(version)
    ? lab.bgpTypes.map((bgpType) => join(folder, metallbManifest(version, bgpType)))
    : [];
  const [reference] = imagesNamed("frr-k8s", manifests);
  const frrK8s =
    reference === undefined
      ? undefined
      : { reference, programs: await provide(lab, frrK8sArtefact(versionOf(reference), goVersion), progress) };
  return { version, images: join(images, imageArchive), manifests, frrK8s };
}

/** The archives of FRR's image and frr-k8s', for each version of MetalLB. */
async function buildFrrImages(
  lab: Lab,
  metallb: readonly MetallbBuild[],
  frrSystem: string,
  progress: Progress,
): Promise<string[]> {
  const folders: string[] = [];
  for (const { version, manifests, frrK8s } of metallb) {
    const references = imagesNamed("frr", manifests);
    folders.push(await provide(lab, frrImageArtefact(version, references, frrSystem), progress));
    if (frrK8s === undefined) continue;
    const { reference, programs } = frrK8s;
    const image = frrK8sImageArtefact(versionOf(reference), reference, programs, frrSystem);
    folders.push(await provide(lab, image, progress));
  }
  return folders.map((folder) => join(folder, imageArchive));
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
