import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseAllDocuments, stringify } from "yaml";

const moduleAndVersion = "go.universe.tf/metallb@v0.9.6";

/**
 * Upstream's 0.9.6 manifest, as `kubectl apply -f` is given it on a cluster of today: without PodSecurityPolicies, which
 * Kubernetes 1.25 took away, and with images that the nodes have, since the lab has no registry.
 */
export async function upstreamManifest(): Promise<string> {
  const { stdout } = await promisify(execFile)("go", ["mod", "download", "-json", moduleAndVersion], { cwd: tmpdir() });
  const { Dir } = JSON.parse(stdout) as { Dir: string };
  const texts = await Promise.all(
    ["namespace.yaml", "metallb.yaml"].map((file) => readFile(join(Dir, "manifests", file), "utf8")),
  );
  return texts
    .flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as { kind: string }))
    .filter(({ kind }) => kind !== "PodSecurityPolicy")
    .map((object) => stringify(object))
    .join("---\n")
    .replaceAll("imagePullPolicy: Always", "imagePullPolicy: IfNotPresent");
}
