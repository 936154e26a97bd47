import type { KubernetesApi } from "../../remote/kubernetes/connect";

/** The MetalLB of a cluster. */
export interface RunningMetallb {
  /** The controller's image. */
  readonly image: string;
  /** Its tag without the v: "0.15.2". */
  readonly version: string;
}

/** What the controller's Deployment says of the version that runs; undefined where there is none. @throws UserError */
export async function runningVersion(api: Pick<KubernetesApi, "get">): Promise<RunningMetallb | undefined> {
  const controller = (await api.get("/apis/apps/v1/namespaces/metallb-system/deployments/controller")) as
    { spec: { template: { spec: { containers: { name?: string; image: string }[] } } } } | undefined;
  const containers = controller?.spec.template.spec.containers ?? [];
  const image = (containers.find(({ name }) => name === "controller") ?? containers[0])?.image;
  if (image === undefined) return undefined;
  return {
    image,
    version:
      image
        .replace(/@sha256:.*$/, "")
        .split(":")
        .at(-1)
        ?.replace(/^v/, "") ?? "",
  };
}
