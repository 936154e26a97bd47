import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { runChecked } from "../command";
import { assembleRoot, type Image, writeDockerArchive } from "./docker-archive";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { hasFrrTools } from "../bgp-types";
import { requireKubernetesRelease } from "../kubernetes-release";
import { metallbRegistry } from "../versions";
import { frrK8sFiles } from "./frr-k8s";
import type { Binaries } from "./kubernetes-binaries";
import { speakerTools } from "./programs";

export interface ImageSources {
  readonly kubernetes: Binaries;
  /** The folders of the artefacts. */
  readonly labPrograms: string;
  readonly kubeProxySystem: string;
}

export const imageArchive = "images.tar";

/** The images that every node has, in one archive: there is no registry in the lab. */
export function imagesArtefact(version: string, sources: ImageSources): Artefact {
  const { pauseImage, imageRegistry } = requireKubernetesRelease(version);
  return {
    name: `images-${version}`,
    inputs: [sources.kubernetes.digest, sources.labPrograms, sources.kubeProxySystem],
    title: "the images: pause, kube-proxy, the workload",
    make: async (folder, logFile) => {
      const root = (name: string) => join(folder, "roots", name);
      const single = (name: string) => assembleRoot(root(name), { [name]: join(sources.labPrograms, name) });
      mkdirSync(join(folder, "roots"));
      const kubeProxy = root("kube-proxy");
      await runChecked(["cp", "-a", "--reflink=auto", join(sources.kubeProxySystem, "root"), kubeProxy], {
        logFile,
        timeoutSeconds: 120,
      });
      copyFileSync(join(sources.kubernetes.folder, "kube-proxy"), join(kubeProxy, "usr/local/bin/kube-proxy"));
      const images = [
        {
          reference: pauseImage,
          root: single("pause"),
          entrypoint: ["/pause"],
        },
        {
          reference: `${imageRegistry}/kube-proxy:v${version}`,
          root: kubeProxy,
          entrypoint: ["/usr/local/bin/kube-proxy"],
        },
        {
          reference: "docker.io/lab/web:1",
          root: single("web"),
          entrypoint: ["/web"],
        },
      ];
      await writeDockerArchive(join(folder, imageArchive), images, logFile);
      rmSync(join(folder, "roots"), { recursive: true });
    },
  };
}

/** The images of one MetalLB version, in an archive of their own: which ones a node has is for each run to say. */
export function metallbImagesArtefact(version: MetallbVersion, metallb: string): Artefact {
  const tools = hasFrrTools(version) ? speakerTools : [];
  const programs = { controller: [], speaker: tools } as const;
  return archiveArtefact(`metallb-images-${version}`, `the images of MetalLB ${version}`, [metallb], (root) =>
    Object.entries(programs).map(([name, others]) => ({
      reference: `${metallbRegistry(version)}/${name}:v${version}`,
      root: assembleRoot(root(name), filesOf(metallb, [name, ...others])),
      entrypoint: [`/${name}`],
    })),
  );
}

/** FRR's image, by the name that upstream's manifests of a MetalLB version have for it. */
export function frrImageArtefact(version: MetallbVersion, references: readonly string[], frrSystem: string): Artefact {
  const root = join(frrSystem, "root");
  return archiveArtefact(`frr-image-${version}`, `FRR's image for MetalLB ${version}`, [references, frrSystem], () =>
    references.map((reference) => ({ reference, root, entrypoint: ["/sbin/tini", "--", "/usr/lib/frr/docker-start"] })),
  );
}

/** frr-k8s' image. Its pods copy files by a shell, which is that of FRR's system. */
export function frrK8sImageArtefact(version: string, reference: string, frrK8s: string, frrSystem: string): Artefact {
  const shell = join(frrSystem, "root/bin/busybox");
  return archiveArtefact(`frr-k8s-image-${version}`, `frr-k8s' image, ${version}`, [reference, frrK8s], (root) => [
    {
      reference,
      root: assembleRoot(root("frr-k8s"), { ...filesOf(frrK8s, frrK8sFiles), "bin/sh": shell, "bin/cp": shell }),
      entrypoint: ["/frr-k8s"],
    },
  ]);
}

/** Files of a folder, each at the top of an image. */
const filesOf = (folder: string, names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, join(folder, name)]));

/** An archive of images whose file systems are made in folders that it has until then. */
function archiveArtefact(
  name: string,
  title: string,
  inputs: readonly unknown[],
  images: (root: (name: string) => string) => readonly Image[],
): Artefact {
  return {
    name,
    inputs,
    title,
    make: async (folder, logFile) => {
      const roots = join(folder, "roots");
      mkdirSync(roots);
      await writeDockerArchive(
        join(folder, imageArchive),
        images((root) => join(roots, root)),
        logFile,
      );
      rmSync(roots, { recursive: true });
    },
  };
}
