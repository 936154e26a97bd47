import { join } from "node:path";
import { provide, type Artefact } from "../artefact";
import { runChecked } from "../command";
import type { Lab } from "../lab-settings";
import type { Progress } from "../progress";
import { goEnvironment } from "./go-modules";

const version = "3.20.2";

/** Helm, built from its Go module. */
export function helmArtefact(goVersion: string): Artefact {
  return {
    name: `helm-${version}`,
    inputs: [goVersion],
    title: `Helm ${version}, built from its Go module`,
    make: async (folder, logFile) => {
      const install = ["go", "install", "-ldflags", "-s -w", `helm.sh/helm/v3/cmd/helm@v${version}`];
      await runChecked(install, { env: { ...goEnvironment, GOBIN: folder }, logFile, timeoutSeconds: 1200 });
    },
  };
}

/** The path of Helm, made first where the cache lacks it. */
export async function provideHelm(lab: Lab, progress: Progress): Promise<string> {
  const { stdout } = await runChecked(["go", "env", "GOVERSION"], { timeoutSeconds: 30 });
  return join(await provide(lab, helmArtefact(stdout.trim()), progress), "helm");
}
