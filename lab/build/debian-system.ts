import { cpSync, mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { contentDigest, type Artefact } from "../artefact";
import { runChecked } from "../command";
import { repository } from "../lab-settings";
import type { DebianRelease } from "./debian-release";
import { writePackagesIndex } from "./package-index";

const guest = join(repository, "lab", "guest");

/** ipset, ipvsadm and nftables are not among them: installing those is the nodes layer's own work. */
const nodePackages = [
  "ca-certificates",
  "conntrack",
  "containerd",
  "containernetworking-plugins",
  "curl",
  "dbus",
  "ebtables",
  "ethtool",
  "iproute2",
  "iptables",
  "iputils-ping",
  "kmod",
  "openssh-server",
  "procps",
  "runc",
  "socat",
  "sudo",
  "systemd-sysv",
  "udev",
];
const kubeProxyPackages = ["conntrack", "ipset", "iptables", "kmod", "nftables"];
/** The shell of frr-k8s' image, which has no system of its own, is busybox. */
const frrPackages = ["busybox-static", "frr", "frr-pythontools", "tini"];
/** Changes when what writePackagesIndex makes does. */
const indexVersion = 2;
/** What the nodes can install from the lab's repository. */
const repositoryPackages = ["ipset", "ipvsadm", "nftables"];

/** The nodes' Debian system (root/), and the repository of the packages that they can install (packages/). */
export function nodeSystemArtefact(release: DebianRelease): Artefact {
  const scripts = [join(guest, "prepare-system.sh"), join(guest, "fetch-packages.sh")];
  return {
    name: "node-system",
    inputs: [release, nodePackages, repositoryPackages, contentDigest(...scripts), indexVersion],
    title: `the nodes' system: Debian ${release.codename}`,
    hint: "about 1 minute",
    make: async (folder, logFile) => {
      const root = join(folder, "root");
      await bootstrap(root, release, nodePackages, logFile);
      await runInside(root, "prepare-system.sh", [], logFile);
      await runInside(root, "fetch-packages.sh", repositoryPackages, logFile);
      renameSync(join(root, "lab-packages"), join(folder, "packages"));
      await writePackagesIndex(join(folder, "packages"));
      removePackageCaches(root);
    },
  };
}

/** The Debian system that an image is made of, below root/: these packages, made ready by a script of lab/guest. */
interface ImageSystem {
  readonly name: string;
  /** "kube-proxy's system" */
  readonly title: string;
  readonly packages: readonly string[];
  readonly script: string;
}

function imageSystemArtefact({ name, title, packages, script }: ImageSystem, release: DebianRelease): Artefact {
  return {
    name,
    inputs: [release, packages, contentDigest(join(guest, script))],
    title: `${title}: Debian ${release.codename}`,
    make: async (folder, logFile) => {
      const root = join(folder, "root");
      await bootstrap(root, release, packages, logFile);
      await runInside(root, script, [], logFile);
      removePackageCaches(root);
      for (const path of ["usr/share/doc", "usr/share/man", "usr/share/locale"]) {
        rmSync(join(root, path), { recursive: true, force: true });
      }
    },
  };
}

/** kube-proxy brings its own iptables, nft, ipset and conntrack. */
export const kubeProxySystemArtefact = (release: DebianRelease): Artefact =>
  imageSystemArtefact(
    {
      name: "kube-proxy-system",
      title: "kube-proxy's system",
      packages: kubeProxyPackages,
      script: "prepare-kube-proxy.sh",
    },
    release,
  );

/** FRR as upstream's manifests of MetalLB use it: with what reloads it, in the places of FRR's own image. */
export const frrSystemArtefact = (release: DebianRelease): Artefact =>
  imageSystemArtefact(
    { name: "frr-system", title: "FRR's system", packages: frrPackages, script: "prepare-frr.sh" },
    release,
  );

/** Mounts and processes of their own: whatever happens to the build, neither stays behind. */
const apart = ["unshare", "--mount", "--pid", "--fork", "--kill-child"];

async function bootstrap(
  root: string,
  release: DebianRelease,
  packages: readonly string[],
  logFile: string,
): Promise<void> {
  const { codename, mirror } = release;
  const include = `--include=${packages.join(",")}`;
  await runChecked(
    [...apart, "debootstrap", "--variant=minbase", include, codename, root, ...(mirror === undefined ? [] : [mirror])],
    { logFile, timeoutSeconds: 1800 },
  );
}

/** Runs a script of lab/guest inside the system. */
async function runInside(root: string, script: string, args: readonly string[], logFile: string): Promise<void> {
  const place = join(root, script);
  cpSync(join(guest, script), place);
  await runChecked([...apart, "chroot", root, `/${script}`, ...args], {
    logFile,
    timeoutSeconds: 600,
    env: { ...process.env, PATH: "/usr/sbin:/usr/bin:/sbin:/bin", DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C" },
  });
  rmSync(place);
}

function removePackageCaches(root: string): void {
  for (const path of ["var/cache/apt", "var/lib/apt/lists"]) {
    rmSync(join(root, path), { recursive: true, force: true });
    mkdirSync(join(root, path), { recursive: true });
  }
  writeFileSync(join(root, "etc", "apt", "sources.list"), "");
}
