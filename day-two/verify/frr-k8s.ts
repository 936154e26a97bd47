import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { ClusterConfig } from "../../cluster/schema";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { frrK8sDaemon, frrK8sWebhookConfiguration, frrK8sWebhookServer } from "../../stacks/metallb/release/frr-k8s";
import { frrK8sPods, frrK8sWorkloads, frrNodeProblem, readFrrNodeStates } from "../metallb/frr-k8s";
import type { Installation } from "../metallb/installation";
import { componentOf } from "../metallb/pods";
import { daemonSetRollout, deploymentRollout, podProblem, type Rollout, rolloutProblem } from "../workload";
import { type Check, failed, skipped, without } from "./check";
import { webhookCheck } from "./webhook";

/** Whether frr-k8s runs on each node that has a speaker, its webhook is there, and FRR took what the speakers made. */
export async function verifyFrrK8s(
  api: KubernetesApi,
  { metallb, nodes }: ClusterConfig,
  installation: Installation,
  pods: readonly V1Pod[],
): Promise<readonly Check[]> {
  const { namespace, mend, own } = installation;
  const id = "metallb.frr-k8s";
  if (metallb.bgpType !== "frr-k8s") return [];
  if (!own) return [skipped(id, namespace, "frr-k8s is not of these stacks, and not looked at")];
  const [{ daemonSet, server }, daemons, states, webhook] = await Promise.all([
    frrK8sWorkloads(api, installation, metallb.version),
    frrK8sPods(api, installation),
    readFrrNodeStates(api),
    webhookCheck(api, { ...frrK8sWebhook, mend }),
  ]);
  const workload = (kind: string, name: string, rollout: Rollout | undefined) => {
    const place = `${namespace}/${name}`;
    const subject = `${kind} ${place}`;
    const problem = rollout === undefined ? `${subject} does not exist` : rolloutProblem(subject, rollout);
    return without(problem, { id, place, text: `${subject} is rolled out`, remedy: mend });
  };
  return [
    workload("DaemonSet", frrK8sDaemon.name, daemonSet && daemonSetRollout(daemonSet)),
    workload("Deployment", frrK8sWebhookServer(metallb.version), server && deploymentRollout(server)),
    webhook,
    ...nodes
      .filter(({ name }) => pods.some((pod) => componentOf(pod) === "speaker" && pod.spec?.nodeName === name))
      .map(({ name }) => onNode(name, daemons, frrNodeProblem(name, states.get(name)), mend)),
  ];
}

function onNode(name: string, daemons: readonly V1Pod[], problem: string | undefined, mend: string): Check {
  const id = "metallb.frr-k8s-node";
  const here = daemons.filter(({ spec }) => spec?.nodeName === name);
  const [pod] = here;
  if (pod === undefined) {
    const remedy = `${mend}; if the DaemonSet is as declared, see whether a taint of ${name} keeps it off`;
    return failed(id, name, `there is no frr-k8s on ${name}: its speaker announces nothing by BGP`, remedy);
  }
  if (here.every((one) => podProblem(one) !== undefined)) {
    return failed(id, name, `frr-k8s on ${name} is not ready: ${podProblem(pod)}`);
  }
  return without(problem, {
    id,
    place: name,
    text: `frr-k8s on ${name} is ready, and FRR has taken its configuration`,
    remedy: `see kubectl -n ${pod.metadata?.namespace ?? "metallb-system"} logs ${pod.metadata?.name} --all-containers`,
  });
}

/** The webhook that judges FRRConfigurations, with the CA that frr-k8s writes into it. */
const frrK8sWebhook = {
  id: "metallb.frr-k8s-webhook",
  name: frrK8sWebhookConfiguration,
  judges: "FRRConfigurations",
  stopped: "no speaker can change a BGP session",
  writer: "see the log of frr-k8s' webhook, which writes the CA when it starts",
} as const;
