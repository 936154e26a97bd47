import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { contentDigest, type Artefact } from "../artefact";
import { runChecked } from "../command";
import { isBuilt } from "../kernel-release";
import { requireKubernetesRelease, type KubernetesRelease } from "../kubernetes-release";
import { LabError } from "../lab-error";
import { repository } from "../lab-settings";
import { userModeLinuxEnvironment } from "../user-mode-linux";
import type { Versions } from "../versions";
import { programPaths } from "./debian-programs";
import { imageArchive } from "./images";
import type { Binaries } from "./kubernetes-binaries";

export interface BaseImageSources {
  readonly kubernetes: Binaries;
  /** The folders of the artefacts. */
  readonly nodeSystem: string;
  readonly userModeLinux: string;
  readonly images: string;
}

export const baseImage = "base.img";
const guestFiles = join(repository, "lab", "guest", "files");
const services = ["lab-node", "lab-images", "kubelet", "containerd", "ssh"];

/** The disk that all nodes of a Kubernetes version share, each with its changes in a file of its own. */
export function baseImageArtefact({ kubernetes: version, kernel }: Versions, sources: BaseImageSources): Artefact {
  const release = requireKubernetesRelease(version);
  return {
    // Those of two kernels stay in the cache side by side.
    name: `base-image-${isBuilt(kernel) ? `linux-${kernel}-` : ""}${version}`,
    inputs: [
      sources.kubernetes.digest,
      sources.nodeSystem,
      sources.userModeLinux,
      sources.images,
      services,
      contentDigest(guestFiles),
      release,
    ],
    title: "the nodes' disk",
    make: async (folder, logFile) => {
      const root = join(folder, "root");
      const shell = (command: readonly string[], timeoutSeconds: number) =>
        runChecked(command, { logFile, timeoutSeconds });
      await shell(["cp", "-a", "--reflink=auto", join(sources.nodeSystem, "root"), root], 120);
      await shell(
        ["cp", "-a", `${join(sources.userModeLinux, programPaths.modules)}/.`, join(root, "lib/modules")],
        120,
      );
      for (const name of ["kubelet", "kubectl"]) {
        copyFileSync(join(sources.kubernetes.folder, name), join(root, "usr/local/bin", name));
      }
      copyTree(guestFiles, root);
      writeReleaseFiles(root, release);
      chmodSync(join(root, "etc/sudoers.d/ops"), 0o440);
      mkdirSync(join(root, "etc/kubernetes/manifests"), { recursive: true });
      await shell(["chroot", root, "systemctl", "enable", ...services], 60);
      const disk = join(folder, baseImage);
      writeFileSync(disk, "");
      truncateSync(disk, 3 * 2 ** 30);
      await shell(["mkfs.ext4", "-q", "-O", "^metadata_csum", "-d", root, disk], 300);
      rmSync(root, { recursive: true });
      await importImages(disk, join(sources.images, imageArchive), sources.userModeLinux, folder, logFile);
    },
  };
}

/** What differs between versions of Kubernetes in a node's files. */
export function writeReleaseFiles(root: string, { pauseImage }: KubernetesRelease): void {
  const containerd = join(root, "etc/containerd/config.toml");
  writeFileSync(containerd, readFileSync(containerd, "utf8").replace('"PAUSE_IMAGE"', JSON.stringify(pauseImage)));
}

/** Boots the disk once, with no more than a script for init, to fill containerd's store. */
async function importImages(
  disk: string,
  archive: string,
  userModeLinux: string,
  folder: string,
  logFile: string,
): Promise<void> {
  const command = [
    join(userModeLinux, programPaths.linux),
    "mem=900M",
    "umid=baremetal-lb-import",
    `uml_dir=${folder}`,
    `ubd0=${disk}`,
    `ubd1r=${archive}`,
    "root=/dev/ubda",
    "rw",
    "init=/usr/local/sbin/lab-import-images",
    "con=null",
    "con0=null,fd:2",
    "quiet",
  ];
  await runChecked(command, { logFile, timeoutSeconds: 300, env: userModeLinuxEnvironment() });
  if (!readFileSync(logFile, "utf8").includes("lab-import-images: done")) {
    throw new LabError(`the images could not be imported into the nodes' disk: see ${logFile}`);
  }
}

/** Copies files over a system, each 0755 or 0644, whatever the checkout's umask made of them. */
function copyTree(source: string, target: string): void {
  for (const name of readdirSync(source)) {
    const from = join(source, name);
    const to = join(target, name);
    const status = statSync(from);
    if (status.isDirectory()) {
      mkdirSync(to, { recursive: true });
      copyTree(from, to);
    } else {
      rmSync(to, { force: true }); // It may be a link to somewhere else.
      copyFileSync(from, to);
      chmodSync(to, status.mode & 0o100 ? 0o755 : 0o644);
    }
  }
}
