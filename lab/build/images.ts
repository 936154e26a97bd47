import { copyFileSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { runChecked } from "../command";
import type { Lab } from "../lab-settings";
import { assembleRoot, writeDockerArchive } from "./docker-archive";
import type { Binaries } from "./kubernetes-binaries";

export interface ImageSources {
  readonly kubernetes: Binaries;
  /** The folders of the artefacts. */
  readonly metallb: string;
  readonly labPrograms: string;
  readonly kubeProxySystem: string;
}

export const imageArchive = "images.tar";

/** Every image that the cluster runs, in one archive: there is no registry in the lab. */
export function imagesArtefact(lab: Lab, sources: ImageSources): Artefact {
  const { kubernetes, metallb } = lab.versions;
  return {
    name: "images",
    inputs: [
      kubernetes,
      metallb,
      sources.kubernetes.digest,
      sources.metallb,
      sources.labPrograms,
      sources.kubeProxySystem,
    ],
    title: "the images: pause, kube-proxy, MetalLB, the workload",
    make: async (folder, logFile) => {
      const root = (name: string) => join(folder, "roots", name);
      const single = (name: string, source: string) => assembleRoot(root(name), { [name]: source });
      mkdirSync(join(folder, "roots"));
      const kubeProxy = root("kube-proxy");
      await runChecked(["cp", "-a", "--reflink=auto", join(sources.kubeProxySystem, "root"), kubeProxy], {
        logFile,
        timeoutSeconds: 120,
      });
      copyFileSync(join(sources.kubernetes.folder, "kube-proxy"), join(kubeProxy, "usr/local/bin/kube-proxy"));
      const images = [
        {
          reference: "registry.k8s.io/pause:3.10",
          root: single("pause", join(sources.labPrograms, "pause")),
          entrypoint: ["/pause"],
        },
        {
          reference: `registry.k8s.io/kube-proxy:v${kubernetes}`,
          root: kubeProxy,
          entrypoint: ["/usr/local/bin/kube-proxy"],
        },
        {
          reference: "docker.io/lab/web:1",
          root: single("web", join(sources.labPrograms, "web")),
          entrypoint: ["/web"],
        },
        ...["controller", "speaker"].map((name) => ({
          reference: `docker.io/metallb/${name}:v${metallb}`,
          root: single(name, join(sources.metallb, name)),
          entrypoint: [`/${name}`],
        })),
      ];
      await writeDockerArchive(join(folder, imageArchive), images, logFile);
      rmSync(join(folder, "roots"), { recursive: true });
    },
  };
}
