import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { run, runChecked } from "../command";
import { aptEnvironment } from "../host-packages";
import type { DebianRelease } from "./debian-release";

/**
 * etcd and User-mode Linux out of their Debian packages, unpacked and not installed: as packages they would start
 * daemons on this machine (etcd; uml_switch). Both programs need nothing but libc.
 */
export function debianProgramsArtefact(release: DebianRelease): Artefact {
  return {
    name: "debian-programs",
    inputs: [release.codename],
    title: "etcd and User-mode Linux",
    make: async (folder, logFile) => {
      const downloads = join(folder, "packages");
      mkdirSync(downloads);
      const download = ["apt-get", "download", "-q", "etcd-server", "user-mode-linux"];
      const options = { cwd: downloads, env: aptEnvironment, logFile };
      const first = await run(download, { ...options, timeoutSeconds: 300 });
      if (first.code !== 0) {
        await runChecked(["apt-get", "update", "-q"], { ...options, timeoutSeconds: 300 });
        await runChecked(download, { ...options, timeoutSeconds: 300 });
      }
      for (const file of readdirSync(downloads)) {
        await runChecked(["dpkg-deb", "--extract", join(downloads, file), folder], { logFile, timeoutSeconds: 120 });
      }
    },
  };
}

export const programPaths = {
  etcd: "usr/bin/etcd",
  linux: "usr/bin/linux.uml",
  modules: "usr/lib/uml/modules",
} as const;
