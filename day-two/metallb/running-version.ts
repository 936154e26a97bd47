import type { V1DaemonSet, V1Deployment, V1PodTemplateSpec } from "@kubernetes/client-node" with {
  "resolution-mode": "import",
};
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { imageParts } from "../../stacks/metallb/release/image-parts";
import { type BgpType, bgpTypes } from "../../stacks/metallb/release/releases";
import type { Installation } from "./installation";
import { UserError } from "../../values/user-error";

/** The MetalLB of a cluster. */
export interface RunningMetallb {
  /** The controller's image. */
  readonly image: string;
  /** That of its tag, without the v: "0.15.2". */
  readonly version: string;
}

/** The label in which a chart names the version of what it installs. */
const versionLabel = "app.kubernetes.io/version";

/**
 * The version that a workload's image has by its tag, or, where it has a digest alone, by the label of its chart. What
 * somebody put behind the version, such as v0.15.2-hardened, does not count.
 */
export function versionOf(image: string, { metadata }: Pick<V1Deployment, "metadata">): string | undefined {
  const text = (imageParts(image).tag ?? metadata?.labels?.[versionLabel])?.replace(/^v/, "");
  return text === undefined ? undefined : (/^\d+\.\d+\.\d+/.exec(text)?.[0] ?? text);
}

/** What the controller's Deployment says of the version that runs; undefined where there is none. @throws UserError */
export async function runningVersion(
  api: Pick<KubernetesApi, "get">,
  { namespace, controller: name }: Installation,
): Promise<RunningMetallb | undefined> {
  const place = `${namespace}/${name}`;
  const controller = (await api.get(`/apis/apps/v1/namespaces/${namespace}/deployments/${name}`)) as
    V1Deployment | undefined;
  const containers = controller?.spec?.template.spec?.containers ?? [];
  const image = (containers.find((one) => one.name === "controller") ?? containers[0])?.image;
  if (controller === undefined || image === undefined) return undefined;
  const version = versionOf(image, controller);
  if (version !== undefined) return { image, version };
  throw new UserError(
    `the version of MetalLB cannot be told: Deployment ${place} has the image ${image}, with a digest and no tag. Name its version: kubectl -n ${namespace} label deployment/${name} ${versionLabel}=<version>`,
  );
}

/** How a speaker does BGP, by its environment; MetalLB 0.9 to 0.11 does it itself. Upstream: speaker/main.go. */
export function bgpTypeOf(speaker: V1PodTemplateSpec | undefined): BgpType {
  const containers = speaker?.spec?.containers ?? [];
  const type = containers.flatMap(({ env = [] }) => env).find(({ name }) => name === "METALLB_BGP_TYPE")?.value;
  const isFrr = containers.some(({ name }) => name === "frr");
  return bgpTypes.find((known) => known === type) ?? (isFrr ? "frr" : "native");
}

/** How the speakers that run do BGP. */
export async function runningBgpType(
  api: Pick<KubernetesApi, "get">,
  { namespace, speaker: name }: Installation,
): Promise<BgpType> {
  const speaker = (await api.get(`/apis/apps/v1/namespaces/${namespace}/daemonsets/${name}`)) as
    V1DaemonSet | undefined;
  return bgpTypeOf(speaker?.spec?.template);
}
