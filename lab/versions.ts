import { imageRegistry } from "../stacks/metallb/release/images";
import { type BgpType, metallbVersions, type MetallbVersion } from "../stacks/metallb/release/releases";
import { type Kernel, kernels } from "./kernel-release";
import { firstOfModules, kubernetesRelease, oldestKubernetes } from "./kubernetes-release";
import { proven } from "./proven";
import { LabError } from "./lab-error";

/** What the lab runs. */
export interface Versions {
  readonly kubernetes: string;
  /** The version in cluster.yaml. */
  readonly metallb: MetallbVersion;
  /** Versions that the nodes have the images of too, so that cluster.yaml can be changed to them. */
  readonly alsoMetallb: readonly MetallbVersion[];
  /** The nodes' kernel. */
  readonly kernel: Kernel;
}

/** Versions as somebody asks for them: any text, or none. */
export interface AskedVersions {
  readonly kubernetes?: string;
  readonly metallb?: string;
  readonly alsoMetallb?: readonly string[];
  readonly kernel?: string;
}

const [core] = proven["core/core"].runs;
const [oldest] = proven["matrix/kubernetes-1.20"].runs;

/** Those that core's tests run with. */
export const defaultVersions: Versions = {
  kubernetes: core.kubernetes,
  metallb: core.metallb[0],
  alsoMetallb: [],
  kernel: kernels[0],
};

/** MetalLB's version where none is asked for: what the Kubernetes version is proven with. */
const defaultMetallb = (kubernetes: string): MetallbVersion =>
  kubernetes === oldest.kubernetes ? oldest.metallb[0] : defaultVersions.metallb;

const isMetallbVersion = (version: string): version is MetallbVersion =>
  (metallbVersions as readonly string[]).includes(version);

/** The versions asked for, with the defaults for the rest. Throws a LabError that names each one the lab does not know. */
export function chooseVersions(asked: AskedVersions): Versions {
  const kubernetes = asked.kubernetes ?? defaultVersions.kubernetes;
  const metallb = asked.metallb ?? defaultMetallb(kubernetes);
  const alsoMetallb = asked.alsoMetallb ?? defaultVersions.alsoMetallb;
  const problems: string[] = [];
  if (kubernetesRelease(kubernetes) === undefined) {
    problems.push(
      `Kubernetes ${kubernetes}: expected ${oldestKubernetes}, or 1.${firstOfModules}.0 or later, such as ${defaultVersions.kubernetes}.`,
    );
  }
  const asIs = (version: string): MetallbVersion[] => {
    if (isMetallbVersion(version)) return [version];
    problems.push(`MetalLB ${version}: expected one of ${metallbVersions.join(", ")}.`);
    return [];
  };
  const [first] = asIs(metallb);
  const others = alsoMetallb.flatMap(asIs);
  const kernel = kernels.find((name) => name === (asked.kernel ?? defaultVersions.kernel));
  if (kernel === undefined) problems.push(`Linux ${asked.kernel}: expected one of ${kernels.join(", ")}.`);
  if (first === undefined || kernel === undefined || problems.length > 0) throw new LabError(problems.join("\n"));
  return { kubernetes, metallb: first, alsoMetallb: others, kernel };
}

/** Every MetalLB version that the nodes have the images of, each once, the one in cluster.yaml first. */
export function metallbOnNodes({ metallb, alsoMetallb }: Versions): MetallbVersion[] {
  return [...new Set([metallb, ...alsoMetallb])];
}

/** The version whose Go module a version is built from: 0.9.5 is not published, and differs in the image's tag alone. */
export function metallbModuleVersion(version: MetallbVersion): MetallbVersion {
  return version === "0.9.5" ? "0.9.6" : version;
}

/** Where upstream's manifest has a version's images from. */
export function metallbRegistry(version: MetallbVersion): string {
  return imageRegistry({ version });
}

/** The name of upstream's manifest as it stands beside cluster.yaml, for versions with custom resources. */
export function metallbManifest(version: MetallbVersion, bgpType: BgpType): string {
  return `metallb-v${version}-${bgpType}.yaml`;
}
