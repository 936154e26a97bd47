import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { runChecked } from "../command";
import { assembleRoot, writeDockerArchive } from "./docker-archive";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { requireKubernetesRelease } from "../kubernetes-release";
import { metallbRegistry } from "../versions";
import type { Binaries } from "./kubernetes-binaries";

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
  return {
    name: `metallb-images-${version}`,
    inputs: [metallb],
    title: `the images of MetalLB ${version}`,
    make: async (folder, logFile) => {
      mkdirSync(join(folder, "roots"));
      const images = ["controller", "speaker"].map((name) => ({
        reference: `${metallbRegistry(version)}/${name}:v${version}`,
        root: assembleRoot(join(folder, "roots", name), { [name]: join(metallb, name) }),
        entrypoint: [`/${name}`],
      }));
      await writeDockerArchive(join(folder, imageArchive), images, logFile);
      rmSync(join(folder, "roots"), { recursive: true });
    },
  };
}
