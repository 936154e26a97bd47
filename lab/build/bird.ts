import { mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { Artefact } from "../artefact";
import { runChecked } from "../command";
import { aptEnvironment } from "../host-packages";
import type { DebianRelease } from "./debian-release";

/** The router, out of its Debian package and those it needs that this machine lacks: unpacked, as it would start a daemon. */
export function birdArtefact(release: DebianRelease): Artefact {
  return {
    name: "bird",
    inputs: [release.codename],
    title: "BIRD, the router",
    make: async (folder, logFile) => {
      const downloads = join(folder, "packages");
      mkdirSync(join(downloads, "partial"), { recursive: true });
      const options = { env: aptEnvironment, logFile, timeoutSeconds: 300 };
      await runChecked(["apt-get", "update", "-q"], options);
      const places = ["-o", `Dir::Cache::archives=${downloads}`, "-o", "Debug::NoLocking=true"];
      const only = ["--download-only", "--reinstall", "--no-install-recommends"];
      await runChecked(["apt-get", "install", "-y", "-q", ...only, ...places, "bird2"], options);
      for (const file of readdirSync(downloads).filter((name) => name.endsWith(".deb"))) {
        await runChecked(["dpkg-deb", "--extract", join(downloads, file), folder], { logFile, timeoutSeconds: 120 });
      }
    },
  };
}

/** The programs in the artefact's folder, and the environment that they find their libraries by. */
export function birdPrograms(folder: string): { bird: string; client: string; environment: NodeJS.ProcessEnv } {
  return {
    bird: join(folder, "usr/sbin/bird"),
    client: join(folder, "usr/sbin/birdcl"),
    environment: { ...process.env, LD_LIBRARY_PATH: join(folder, "usr/lib/x86_64-linux-gnu") },
  };
}
