import { namespaceName as namespace } from "../../stacks/metallb/release/component";
import { usesCustomResources } from "../../stacks/metallb/release/releases";
import type { Environment } from "../../values/environment";
import type { ClusterConfig } from "../../cluster/schema";
import { apiProblem, connectKubernetes, type KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, look, passed } from "./check";
import { verifyKubeProxy } from "./kube-proxy";
import { verifyKubernetesNodes } from "./kubernetes-nodes";
import { verifyMemberlist } from "./memberlist";
import { findHelmRelease, helmText } from "../metallb/helm-release";
import { metallbPods } from "../metallb/pods";
import { verifyMetallb } from "./metallb";
import { verifyConfiguration } from "./metallb-configuration";
import { verifyStates, verifyTaken } from "./configuration-taken";
import { findAnnounced } from "../metallb/announced";
import { readMetrics } from "../metallb/metrics";
import { verifyServices } from "./services";

/** The checks of what the Kubernetes API tells, and the API itself if it answers. */
export interface ClusterAnswer {
  readonly checks: readonly Check[];
  readonly api?: KubernetesApi;
}

/** Looks at the cluster through the Kubernetes API. Where that does not answer it is the one check, failed. */
export async function verifyCluster(
  config: ClusterConfig,
  sources: { readonly home: string; readonly environment: Environment },
): Promise<ClusterAnswer> {
  const id = "kubernetes.api";
  let api: KubernetesApi;
  let gitVersion: string;
  try {
    api = await connectKubernetes(config.kubernetes.credentials, sources);
    ({ gitVersion } = (await api.get("/version")) as { gitVersion: string });
  } catch (error) {
    return { checks: [failed(id, "cluster", apiProblem(error))] };
  }
  const version = passed(id, "cluster", `the Kubernetes API answers, version ${gitVersion}`);
  const parts = await Promise.all([
    look("kubernetes.node", "cluster", () => verifyKubernetesNodes(api, config)),
    look("kube-proxy.config", "kube-system/kube-proxy", () => verifyKubeProxy(api, config)),
    look("metallb.helm", "cluster", () => helmCheck(api)),
    look("metallb.pods", namespace, () => verifyPods(api, config)),
  ]);
  return { checks: [version, ...parts.flat()], api };
}

/** Nothing where no Helm release is. */
async function helmCheck(api: KubernetesApi): Promise<readonly Check[]> {
  const helm = await findHelmRelease(api);
  return helm === undefined ? [] : [failed("metallb.helm", `${helm.namespace}/${helm.controller}`, helmText(helm))];
}

async function verifyPods(api: KubernetesApi, config: ClusterConfig): Promise<readonly Check[]> {
  const { version } = config.metallb;
  const pods = await metallbPods(api);
  const metrics = await readMetrics(api, pods, version);
  const place = usesCustomResources(version) ? namespace : `${namespace}/config`;
  const parts = await Promise.all([
    look("metallb.namespace", namespace, () => verifyMetallb(api, config, pods)),
    look("metallb.config", place, () => verifyConfiguration(api, config)),
    look("metallb.config-taken", namespace, () =>
      metrics === undefined ? verifyStates(api, pods) : verifyTaken(api, version, metrics),
    ),
    look("metallb.memberlist", namespace, () => verifyMemberlist(api, config, pods)),
    look("service.address", "cluster", async () => verifyServices(api, config, await findAnnounced(api, metrics))),
  ]);
  return parts.flat();
}
