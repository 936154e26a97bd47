import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { run, runChecked } from "./command";
import { isBuilt } from "./kernel-release";
import { requireKubernetesRelease } from "./kubernetes-release";
import type { Lab } from "./lab-settings";
import type { Progress } from "./progress";

/** The Debian packages that the lab installs. Those that would start a daemon are unpacked instead: see debian-programs.ts. */
const always = [
  "arping",
  "curl",
  "debootstrap",
  "e2fsprogs",
  "gcc",
  "iproute2",
  "libc6-dev",
  "openssh-client",
  "tar",
  "util-linux",
];

/** What unpacks Debian's source packages. */
const forSourcePackages = ["dpkg-dev", "patch", "xz-utils"];

/** What builds a kernel. */
const forKernels = ["bc", "bison", "flex", "kmod", "make", "xz-utils"];

/** What asks for the MAC of an IPv6 address, and what hears the answer. */
const forIpv6 = ["ndisc6", "tcpdump"];

export const aptEnvironment = { ...process.env, DEBIAN_FRONTEND: "noninteractive", NEEDRESTART_MODE: "a" };

/** Reads what `dpkg-query --show --showformat='${db:Status-Status} ${Package}\n'` prints. */
export function missingPackages(names: readonly string[], dpkgOutput: string): string[] {
  const installed = new Set(
    dpkgOutput
      .split("\n")
      .filter((line) => line.startsWith("installed "))
      .map((line) => line.slice("installed ".length)),
  );
  return names.filter((name) => !installed.has(name));
}

/** Installs the packages that are missing, and no others. */
export async function installHostPackages(lab: Lab, progress: Progress): Promise<void> {
  const fromSource = requireKubernetesRelease(lab.versions.kubernetes).source === "debianSource";
  const wanted = [
    ...always,
    ...(fromSource ? forSourcePackages : []),
    ...(isBuilt(lab.versions.kernel) ? forKernels : []),
    ...(lab.ipFamilies.includes("IPv6") ? forIpv6 : []),
  ];
  const query = await run(["dpkg-query", "--show", "--showformat=${db:Status-Status} ${Package}\\n", ...wanted], {
    timeoutSeconds: 30,
  });
  const missing = missingPackages(wanted, query.stdout);
  if (missing.length === 0) return;
  mkdirSync(lab.logs, { recursive: true });
  const options = { env: aptEnvironment, logFile: join(lab.logs, "host-packages.log") };
  await progress.step(`installing ${missing.join(", ")}`, async () => {
    await runChecked(["apt-get", "update", "-q"], { ...options, timeoutSeconds: 300 });
    await runChecked(
      ["apt-get", "install", "-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", ...missing],
      { ...options, timeoutSeconds: 900 },
    );
  });
}
