import { proven } from "./proven";
import { LabError } from "./lab-error";

/** What the lab runs. */
export interface Versions {
  readonly kubernetes: string;
  /** The version in cluster.yaml. */
  readonly metallb: string;
  /** Versions that the nodes have the images of too, so that cluster.yaml can be changed to them. */
  readonly alsoMetallb: readonly string[];
}

const [core] = proven["core/core"].runs;

/** Those that core's tests run with. */
export const defaultVersions: Versions = { kubernetes: core.kubernetes, metallb: core.metallb[0], alsoMetallb: [] };

/** The first minor version whose kubeadm reads the configuration that the lab writes: v1beta4. */
const oldestKubernetes = 31;
/** From here on MetalLB is configured by custom resources, and upstream's images are on quay.io. */
const firstOfCustomResources = 13;

/** The versions asked for, with the defaults for the rest. Throws a LabError that names each one the lab does not know. */
export function chooseVersions(asked: Partial<Versions>): Versions {
  const versions: Versions = {
    kubernetes: asked.kubernetes ?? defaultVersions.kubernetes,
    metallb: asked.metallb ?? defaultVersions.metallb,
    alsoMetallb: asked.alsoMetallb ?? defaultVersions.alsoMetallb,
  };
  const problems: string[] = [];
  const kubernetes = /^1\.(\d+)\.\d+$/.exec(versions.kubernetes);
  if (kubernetes === null || Number(kubernetes[1]) < oldestKubernetes) {
    problems.push(
      `Kubernetes ${versions.kubernetes}: expected 1.${oldestKubernetes}.0 or later, such as ${defaultVersions.kubernetes}.`,
    );
  }
  for (const version of metallbVersions(versions)) {
    if (/^0\.9\.\d+$/.test(version) || usesCustomResources(version)) continue;
    problems.push(
      `MetalLB ${version}: expected 0.9.x, or 0.${firstOfCustomResources}.0 or later, such as ${defaultVersions.metallb} or 0.15.2.`,
    );
  }
  if (problems.length > 0) throw new LabError(problems.join("\n"));
  return versions;
}

/** Every MetalLB version that the nodes have the images of, each once, the one in cluster.yaml first. */
export function metallbVersions({ metallb, alsoMetallb }: Versions): string[] {
  return [...new Set([metallb, ...alsoMetallb])];
}

/** Whether a MetalLB version is configured by custom resources, and not by a ConfigMap. */
export function usesCustomResources(version: string): boolean {
  const match = /^0\.(\d+)\.\d+$/.exec(version);
  return match !== null && Number(match[1]) >= firstOfCustomResources;
}

/** Where upstream's manifest has a version's images from. */
export function metallbRegistry(version: string): string {
  return usesCustomResources(version) ? "quay.io/metallb" : "docker.io/metallb";
}

/** The name of upstream's manifest as it stands beside cluster.yaml, for versions with custom resources. */
export function metallbManifest(version: string): string {
  return `metallb-v${version}-native.yaml`;
}
