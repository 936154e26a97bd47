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

/** kube-proxy brings its own iptables, nft, ipset and conntrack. */
export function kubeProxySystemArtefact(release: DebianRelease): Artefact {
  return {
    name: "kube-proxy-system",
    inputs: [release, kubeProxyPackages, contentDigest(join(guest, "prepare-kube-proxy.sh"))],
    title: `kube-proxy's system: Debian ${release.codename}`,
    make: async (folder, logFile) => {
      const root = join(folder, "root");
      await bootstrap(root, release, kubeProxyPackages, logFile);
      await runInside(root, "prepare-kube-proxy.sh", [], logFile);
      removePackageCaches(root);
      for (const path of ["usr/share/doc", "usr/share/man", "usr/share/locale"]) {
        rmSync(join(root, path), { recursive: true, force: true });
      }
    },
  };
}

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
