import { readConfigText } from "../../stacks/kube-proxy/config-text";
import { compareSettings, type ProxyConfiguration } from "../../stacks/kube-proxy/settings";
import type { ClusterConfig } from "../../cluster/schema";
import type { ManagedConfig } from "../../stacks/kube-proxy/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { type Check, failed, heal, ifExists, list, passed, skipped, without } from "./check";
import { daemonSetRollout, podProblem, rolloutProblem } from "../workload";

const namespace = "kube-system";
const name = "kube-proxy";
const place = `${namespace}/${name}`;

/**
 * kube-proxy's ConfigMap, and whether its DaemonSet runs with it everywhere. Where it is not managed the nodes tell all
 * that is to be known.
 */
export async function verifyKubeProxy(api: KubernetesApi, { kubeProxy }: ClusterConfig): Promise<Check[]> {
  if (kubeProxy.mode === "unmanaged") {
    return [skipped("kube-proxy.config", place, "kube-proxy is not managed: kubeProxy is unmanaged in cluster.yaml")];
  }
  const [settings, rollout] = await Promise.all([settingsChecks(api, kubeProxy), rolloutCheck(api)]);
  return [...settings, rollout];
}

async function settingsChecks({ core }: KubernetesApi, kubeProxy: ManagedConfig): Promise<Check[]> {
  const id = "kube-proxy.config";
  const configMap = await ifExists(core.readNamespacedConfigMap({ namespace, name }));
  const text = configMap?.data?.["config.conf"];
  if (text === undefined) {
    const found = configMap === undefined ? "does not exist" : "has no key config.conf";
    return [failed(id, place, `ConfigMap ${place} ${found}`, "restore it with kubeadm init phase addon kube-proxy")];
  }
  const settings: ProxyConfiguration | undefined = readConfigText(text);
  if (settings === undefined) {
    return [failed(id, place, `ConfigMap ${place}: config.conf is not YAML`, "correct it with kubectl edit")];
  }
  return compareSettings(settings, kubeProxy).map(({ key, equal, found, declared }) =>
    equal
      ? passed(`${id}.${key}`, place, `ConfigMap ${place} has ${key} ${found}`)
      : failed(`${id}.${key}`, place, `ConfigMap ${place} has ${key} ${found}, declared ${declared}`, heal),
  );
}

async function rolloutCheck({ core, apps }: KubernetesApi): Promise<Check> {
  const id = "kube-proxy.rollout";
  const daemonSet = await ifExists(apps.readNamespacedDaemonSet({ namespace, name }));
  if (daemonSet === undefined) {
    return failed(
      id,
      place,
      `DaemonSet ${place} does not exist`,
      "restore it with kubeadm init phase addon kube-proxy",
    );
  }
  const rollout = daemonSetRollout(daemonSet);
  const problem = rolloutProblem(`DaemonSet ${place}`, rollout);
  const unready = problem === undefined ? "" : await unreadyPods(core);
  return without(problem && `${problem}${unready}`, {
    id,
    place,
    text: `DaemonSet ${place} is rolled out, ${rollout.available} of ${rollout.wanted} pods are available`,
    remedy: "wait for the rollout to end, or see kubectl -n kube-system describe pods -l k8s-app=kube-proxy",
  });
}

async function unreadyPods(core: KubernetesApi["core"]): Promise<string> {
  const { items } = await core.listNamespacedPod({ namespace, labelSelector: "k8s-app=kube-proxy" });
  const problems = items.flatMap((pod) => {
    const problem = podProblem(pod);
    return problem === undefined ? [] : [`on ${pod.spec?.nodeName ?? "no node"}: ${problem}`];
  });
  return problems.length === 0 ? "" : `; ${list(problems)}`;
}
