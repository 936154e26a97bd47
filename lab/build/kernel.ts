import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { runChecked } from "../command";
import { type BuiltKernel, kernelSources } from "../kernel-release";
import { LabError } from "../lab-error";
import type { Availability } from "../providers";
import { programPaths } from "./debian-programs";
import { readDebianRelease } from "./debian-release";
import { aptOfSuite, type Asked, askSuite } from "./debian-suite";

/** Of what Debian's kernel has as modules: the network's, and what containers need. The others would be an hour's build. */
const modulesKept =
  /^CONFIG_(NF|NFT|NETFILTER|IP|IP6|IPV6|IP_VS|IP_SET|BRIDGE|VETH|OVERLAY_FS|DUMMY|VXLAN|NET_UDP_TUNNEL|NET_IPIP|STP|LLC)(_[A-Z0-9_]+)?$/;

/** What no node of the lab has a use for. */
const leftOut = [
  ...["BTRFS_FS", "XFS_FS", "JFS_FS", "EXT2_FS", "QUOTA", "MD", "INPUT", "SERIO", "HID", "WATCHDOG", "VIRTIO_MENU"],
  ...["SOUND", "FTRACE", "AUDIT", "SECURITY_SELINUX", "SECURITY_SMACK", "SECURITY_TOMOYO", "SECURITY_APPARMOR"],
  ...["IMA", "INTEGRITY", "HAMRADIO", "MTD", "LOCALVERSION_AUTO", "MODULE_SIG", "DEBUG_KERNEL"],
];

const families = (...names: readonly string[]) => names.flatMap((name) => [`IP_NF_${name}`, `IP6_NF_${name}`]);

/** What Debian's kernel lacks: nftables for IPv4, IPv6 and both; and the older tables, which now have to be asked for. */
const builtIn = [
  ...["NF_TABLES_INET", "NF_TABLES_IPV4", "NF_TABLES_IPV6", "NF_TABLES_NETDEV", "NETFILTER_XTABLES_LEGACY"],
  ...["MEMCG_V1", "UML_NET_VECTOR", "SECCOMP"],
];
const asModules = [
  ...["NF_TABLES", "NFT_CT", "NFT_COMPAT", "NFT_HASH", "NFT_LIMIT", "NFT_LOG", "NFT_MASQ", "NFT_NAT", "NFT_NUMGEN"],
  ...["NFT_REDIR", "NFT_REJECT", "NFT_FIB_IPV4", "NFT_FIB_IPV6", "NFT_FIB_INET"],
  ...families("IPTABLES_LEGACY", "FILTER", "MANGLE", "NAT", "RAW"),
];
const wanted = new Map([
  ...builtIn.map((name) => [name, "y"] as const),
  ...asModules.map((name) => [name, "m"] as const),
]);

/** The configuration that the kernel is built with, out of what `linux.uml --showconfig` of Debian's prints. */
export function kernelConfiguration(debian: string): string {
  const isOurs = (name: string) => leftOut.includes(name) || wanted.has(name) || name.startsWith("DEBUG_INFO");
  const kept = debian.split("\n").filter((line) => {
    const [, name = "", value = ""] = /^CONFIG_(\w+)=(.*)$/.exec(line) ?? [];
    return name !== "" && !isOurs(name) && (value !== "m" || modulesKept.test(`CONFIG_${name}`));
  });
  return [
    ...kept,
    ...leftOut.map((name) => `# CONFIG_${name} is not set`),
    ...[...wanted].map(([name, value]) => `CONFIG_${name}=${value}`),
    "",
  ].join("\n");
}

/** The options that were asked for and that the kernel's own rules took out again. */
export function lostOptions(configuration: string): string[] {
  const lines = new Set(configuration.split("\n"));
  return [...wanted.keys()].filter((name) => !lines.has(`CONFIG_${name}=y`) && !lines.has(`CONFIG_${name}=m`));
}

/** A kernel out of Debian's sources, with its modules; the folder is laid out as that of Debian's programs. */
export function kernelArtefact(kernel: BuiltKernel, debianPrograms: string): Artefact {
  const { suite, package: name } = kernelSources[kernel];
  return {
    name: `linux-${kernel}`,
    inputs: [suite, name, modulesKept.source, leftOut, builtIn, asModules, debianPrograms],
    title: `Linux ${kernel} with nftables, built from Debian's ${name}`,
    hint: "about 10 minutes of two cores",
    make: async (target, logFile) => {
      const work = join(target, "work");
      const source = join(work, "linux");
      mkdirSync(source, { recursive: true });
      const apt = aptOfSuite(join(work, "apt"), readDebianRelease(), suite);
      const shell = (command: readonly string[], timeoutSeconds: number, cwd = source) =>
        runChecked(command, { cwd, env: apt, logFile, timeoutSeconds });
      await shell(["apt-get", "update", "-q"], 300);
      await shell(["apt-get", "download", "-q", name], 900, work);
      const [archive = ""] = readdirSync(work).filter((file) => file.endsWith(".deb"));
      await shell(["dpkg-deb", "--extract", join(work, archive), join(work, "package")], 300);
      const tree = join(work, "package/usr/src", `${name}.tar.xz`);
      await shell(["tar", "--extract", "--file", tree, "--strip-components=1"], 900);

      const debian = await runChecked([join(debianPrograms, programPaths.linux), "--showconfig"], {
        timeoutSeconds: 30,
      });
      writeFileSync(join(source, ".config"), kernelConfiguration(debian.stdout));
      await shell(["make", "ARCH=um", "olddefconfig"], 600);
      const lost = lostOptions(readFileSync(join(source, ".config"), "utf8"));
      if (lost.length > 0)
        throw new LabError(`Linux ${kernel} cannot be built with ${lost.join(", ")}: see ${logFile}`);
      await shell(["make", "ARCH=um", `-j${availableParallelism() + 1}`, "linux", "modules"], 7200);

      const linux = join(target, programPaths.linux);
      const modules = join(target, programPaths.modules);
      mkdirSync(join(linux, ".."), { recursive: true });
      await shell(["strip", "-o", linux, "linux"], 60);
      const installed = join(work, "installed");
      await shell(["make", "ARCH=um", `INSTALL_MOD_PATH=${installed}`, "INSTALL_MOD_STRIP=1", "modules_install"], 600);
      mkdirSync(join(modules, ".."), { recursive: true });
      renameSync(join(installed, "lib/modules"), modules);
      // A link to the folder that it was built in.
      for (const version of readdirSync(modules)) rmSync(join(modules, version, "build"), { force: true });
      rmSync(work, { recursive: true });
    },
  };
}

/** Whether apt can have a kernel's sources. */
export function kernelSourceAvailability(kernel: BuiltKernel, asked?: Asked): Availability {
  const { suite, package: name } = kernelSources[kernel];
  const answer = askSuite(suite, ["madison", name], asked);
  if ("reason" in answer) return { available: false, ...answer };
  if (answer.said.includes(name)) return { available: true };
  return { available: false, reason: `Debian ${suite} has no ${name}` };
}
