import { usesCustomResources } from "../../stacks/metallb/release/releases";
import type { Environment } from "../../values/environment";
import type { ClusterConfig } from "../../cluster/schema";
import { apiProblem, connectKubernetes, type KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, look, passed } from "./check";
import { verifyFrrK8s } from "./frr-k8s";
import { verifyKubeProxy } from "./kube-proxy";
import { verifyKubernetesNodes } from "./kubernetes-nodes";
import { verifyMemberlist } from "./memberlist";
import { findInstallations, type Installation, type Installations, whoseText } from "../metallb/installation";
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
    look("metallb.pods", "MetalLB", async () => {
      const found = await findInstallations(api);
      return [...whoseCheck(found), ...(await verifyPods(api, config, found.metallb))];
    }),
  ]);
  return { checks: [version, ...parts.flat()], api };
}

/** Whether there is one MetalLB only, and whose it is; nothing where it is these stacks'. */
function whoseCheck({ metallb, other, several }: Installations): Check[] {
  const id = "metallb.installation";
  if (other === undefined) return [];
  if (several) return [failed(id, "cluster", other)];
  return [passed(id, `${metallb.namespace}/${metallb.controller}`, whoseText(metallb))];
}

async function verifyPods(api: KubernetesApi, config: ClusterConfig, metallb: Installation): Promise<readonly Check[]> {
  const { version } = config.metallb;
  const { namespace, configMap } = metallb;
  const pods = await metallbPods(api, metallb);
  const metrics = await readMetrics(api, metallb, pods, version);
  const place = usesCustomResources(version) ? namespace : `${namespace}/${configMap}`;
  const parts = await Promise.all([
    look("metallb.namespace", namespace, () => verifyMetallb(api, config, metallb, pods)),
    look("metallb.config", place, () => verifyConfiguration(api, config, metallb)),
    look("metallb.config-taken", namespace, () =>
      metrics === undefined ? verifyStates(api, metallb, pods) : verifyTaken(api, metallb, metrics),
    ),
    look("metallb.frr-k8s", namespace, () => verifyFrrK8s(api, config, metallb, pods)),
    look("metallb.memberlist", namespace, () => verifyMemberlist(api, config, metallb, pods)),
    look("service.address", "cluster", async () =>
      verifyServices(api, config, await findAnnounced(api, metallb, metrics)),
    ),
  ]);
  return parts.flat();
}
