import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import { type Component, namespaceName as namespace } from "../../stacks/metallb/release/component";
import { imageRegistry } from "../../stacks/metallb/release/image-registry";
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { componentOf, podText } from "../metallb/pods";
import { type Check, failed, heal, ifExists, passed, without } from "./check";
import { daemonSetRollout, deploymentRollout, podProblem, rolloutProblem } from "../workload";

/** MetalLB's namespace, its two programs, and the key of the memberlist. */
export async function verifyMetallb(
  api: KubernetesApi,
  config: ClusterConfig,
  pods: readonly V1Pod[],
): Promise<readonly Check[]> {
  const id = "metallb.namespace";
  const found = await ifExists(api.core.readNamespace({ name: namespace }));
  if (found?.status?.phase !== "Active") {
    const state = found === undefined ? "does not exist" : `is ${found.status?.phase}`;
    return [failed(id, namespace, `namespace ${namespace} ${state}`, "npx cdktf deploy '*'")];
  }
  return [
    passed(id, namespace, `namespace ${namespace} exists`),
    await controllerCheck(api, config, pods),
    await speakerCheck(api, config),
    ...config.nodes.map((node) => speakerOnNode(node, config, pods)),
    await secretCheck(api),
  ];
}

const expectedImage = (component: Component, { metallb }: ClusterConfig) =>
  `${imageRegistry(metallb)}/${component}:v${metallb.version}`;

/** Which image a workload's template or a pod has instead of the declared one. */
function imageProblem(subject: string, component: Component, config: ClusterConfig, spec: V1Pod["spec"]) {
  const image = spec?.containers.find(({ name }) => name === component)?.image;
  const expected = expectedImage(component, config);
  return image === expected ? undefined : `${subject} has the image ${image ?? "none"}, declared ${expected}`;
}

async function controllerCheck({ apps }: KubernetesApi, config: ClusterConfig, pods: readonly V1Pod[]): Promise<Check> {
  const id = "metallb.controller";
  const place = `${namespace}/controller`;
  const subject = `Deployment ${place}`;
  const found = await ifExists(apps.readNamespacedDeployment({ namespace, name: "controller" }));
  if (found === undefined) return failed(id, place, `${subject} does not exist`, heal);
  const image = imageProblem(subject, "controller", config, found.spec?.template.spec);
  if (image !== undefined) return failed(id, place, image, heal);
  const rollout = rolloutProblem(subject, deploymentRollout(found));
  if (rollout !== undefined) {
    const ofPods = pods.filter((pod) => componentOf(pod) === "controller").flatMap((pod) => podProblem(pod) ?? []);
    return failed(id, place, [rollout, ...ofPods].join("; "), found.spec?.replicas === 0 ? heal : undefined);
  }
  const running = pods.find((pod) => componentOf(pod) === "controller" && podProblem(pod) === undefined);
  const problem = running
    ? imageProblem(podText(running), "controller", config, running.spec)
    : `${subject} has no ready pod`;
  const text = `the controller is ready, with the image ${expectedImage("controller", config)}`;
  return without(problem, { id, place, text });
}

async function speakerCheck({ apps }: KubernetesApi, config: ClusterConfig): Promise<Check> {
  const id = "metallb.speakers";
  const place = `${namespace}/speaker`;
  const subject = `DaemonSet ${place}`;
  const found = await ifExists(apps.readNamespacedDaemonSet({ namespace, name: "speaker" }));
  if (found === undefined) return failed(id, place, `${subject} does not exist`, heal);
  const image = imageProblem(subject, "speaker", config, found.spec?.template.spec);
  if (image !== undefined) return failed(id, place, image, heal);
  const rollout = daemonSetRollout(found);
  const text = `${subject} is rolled out, ${rollout.available} of ${rollout.wanted} speakers are available`;
  // What is wrong with a pod is said of its node.
  return without(rolloutProblem(subject, rollout), { id, place, text });
}

function speakerOnNode({ name }: NodeConfig, config: ClusterConfig, pods: readonly V1Pod[]): Check {
  const id = "metallb.speaker";
  const here = pods.filter((pod) => componentOf(pod) === "speaker" && pod.spec?.nodeName === name);
  const ready = here.find((pod) => podProblem(pod) === undefined);
  if (ready !== undefined) {
    const text = `speaker on ${name} is ready, with the image ${expectedImage("speaker", config)}`;
    return without(imageProblem(`speaker on ${name}`, "speaker", config, ready.spec), { id, place: name, text });
  }
  const [pod] = here;
  if (pod !== undefined) return failed(id, name, `speaker on ${name} is not ready: ${podProblem(pod)}`);
  const remedy = `${heal}; if the DaemonSet is as declared, see whether a taint of ${name} keeps it off`;
  return failed(id, name, `there is no speaker on ${name}`, remedy);
}

async function secretCheck({ core }: KubernetesApi): Promise<Check> {
  const id = "metallb.memberlist-secret";
  const place = `${namespace}/memberlist`;
  const secret = await ifExists(core.readNamespacedSecret({ namespace, name: "memberlist" }));
  const problem =
    secret === undefined
      ? `Secret ${place} does not exist: a speaker that starts anew cannot`
      : secret.data?.secretkey
        ? undefined
        : `Secret ${place} has no key secretkey: a speaker that starts anew cannot`;
  return without(problem, { id, place, text: `Secret ${place} has the key secretkey`, remedy: heal });
}
