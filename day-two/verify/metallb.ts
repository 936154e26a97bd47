import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { Component } from "../../stacks/metallb/release/component";
import { componentImage, imageRegistry } from "../../stacks/metallb/release/images";
import type { ClusterConfig } from "../../cluster/schema";
import type { NodeConfig } from "../../stacks/shared/schema/nodes";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import { imageParts } from "../../stacks/metallb/release/image-parts";
import type { Installation } from "../metallb/installation";
import { classText, lookedAfter } from "../metallb/load-balancer-class";
import { componentOf, podText } from "../metallb/pods";
import { versionOf } from "../metallb/running-version";
import { type Check, failed, ifExists, passed, without } from "./check";
import { daemonSetRollout, deploymentRollout, podProblem, rolloutProblem } from "../workload";

/** MetalLB's namespace, its two programs, and the key of the memberlist. */
export async function verifyMetallb(
  api: KubernetesApi,
  config: ClusterConfig,
  metallb: Installation,
  pods: readonly V1Pod[],
): Promise<readonly Check[]> {
  const { namespace, memberlistSecret } = metallb;
  const id = "metallb.namespace";
  const found = await ifExists(api.core.readNamespace({ name: namespace }));
  if (found?.status?.phase !== "Active") {
    const state = found === undefined ? "does not exist" : `is ${found.status?.phase}`;
    return [failed(id, namespace, `namespace ${namespace} ${state}`, "npx cdktf deploy '*'")];
  }
  return [
    passed(id, namespace, `namespace ${namespace} exists`),
    await controllerCheck(api, config, metallb, pods),
    ...(await speakerChecks(api, config, metallb, pods)),
    ...classChecks(config, metallb),
    ...(memberlistSecret === undefined ? [] : [await secretCheck(api, metallb, memberlistSecret)]),
  ];
}

/** Whether each program looks after the Services of the declared class; where there is none on either side nothing is said. */
function classChecks({ metallb }: ClusterConfig, installation: Installation): Check[] {
  const { loadBalancerClass } = metallb;
  return lookedAfter(installation, metallb)
    .filter(({ problem }) => problem !== undefined || loadBalancerClass !== undefined)
    .map(({ workload, problem }) =>
      without(problem, {
        id: "metallb.load-balancer-class",
        place: workload.replace(/^.* /, ""),
        text: `${workload} looks after Services ${classText(loadBalancerClass)}`,
        remedy: installation.mend,
      }),
    );
}

/** What the workloads and their pods are to have as image. */
class DeclaredImage {
  readonly text: string;

  constructor(
    private readonly component: Component,
    private readonly metallb: ClusterConfig["metallb"],
  ) {
    this.text = componentImage(component, { ...metallb, imageRegistry: imageRegistry(metallb) });
  }

  /**
   * Which image a pod or a workload's template has instead; undefined where it is the declared one. Where no digest is
   * declared any is right, and one alone tells no version: its workload's label does, as charts have it.
   */
  problem(subject: string, spec: V1Pod["spec"], workload: Labelled): string | undefined {
    const image = spec?.containers.find(({ name }) => name === this.component)?.image;
    const has = `${subject} has the image ${image ?? "none"}`;
    const other = `${has}, declared ${this.text}`;
    if (image === undefined) return other;
    const [found, declared] = [imageParts(image), imageParts(this.text)];
    if (found.repository !== declared.repository) return other;
    if (declared.digest !== undefined) return found.digest === declared.digest ? undefined : other;
    if (found.tag !== undefined) return bare(found.tag) === bare(declared.tag) ? undefined : other;
    const version = versionOf(image, workload);
    if (version === undefined) return `${has}, whose digest tells no version, declared ${this.text}`;
    return version === this.metallb.version ? undefined : other;
  }
}

const bare = (tag: string | undefined) => tag?.replace(/^v/, "");

type Labelled = Parameters<typeof versionOf>[1];

async function controllerCheck(
  { apps }: KubernetesApi,
  { metallb }: ClusterConfig,
  { namespace, controller: name, mend }: Installation,
  pods: readonly V1Pod[],
): Promise<Check> {
  const id = "metallb.controller";
  const place = `${namespace}/${name}`;
  const subject = `Deployment ${place}`;
  const declared = new DeclaredImage("controller", metallb);
  const found = await ifExists(apps.readNamespacedDeployment({ namespace, name }));
  if (found === undefined) return failed(id, place, `${subject} does not exist`, mend);
  const image = declared.problem(subject, found.spec?.template.spec, found);
  if (image !== undefined) return failed(id, place, image, mend);
  const rollout = rolloutProblem(subject, deploymentRollout(found));
  if (rollout !== undefined) {
    const ofPods = pods.filter((pod) => componentOf(pod) === "controller").flatMap((pod) => podProblem(pod) ?? []);
    return failed(id, place, [rollout, ...ofPods].join("; "), found.spec?.replicas === 0 ? mend : undefined);
  }
  const running = pods.find((pod) => componentOf(pod) === "controller" && podProblem(pod) === undefined);
  const problem = running ? declared.problem(podText(running), running.spec, found) : `${subject} has no ready pod`;
  return without(problem, { id, place, text: `the controller is ready, with the image ${declared.text}` });
}

async function speakerChecks(
  { apps }: KubernetesApi,
  { metallb, nodes }: ClusterConfig,
  { namespace, speaker: name, mend }: Installation,
  pods: readonly V1Pod[],
): Promise<Check[]> {
  const id = "metallb.speakers";
  const place = `${namespace}/${name}`;
  const subject = `DaemonSet ${place}`;
  const declared = new DeclaredImage("speaker", metallb);
  const found = await ifExists(apps.readNamespacedDaemonSet({ namespace, name }));
  const onNodes = nodes.map((node) => speakerOnNode(node, { declared, workload: found ?? {}, mend }, pods));
  if (found === undefined) return [failed(id, place, `${subject} does not exist`, mend), ...onNodes];
  const image = declared.problem(subject, found.spec?.template.spec, found);
  if (image !== undefined) return [failed(id, place, image, mend), ...onNodes];
  const rollout = daemonSetRollout(found);
  const text = `${subject} is rolled out, ${rollout.available} of ${rollout.wanted} speakers are available`;
  // What is wrong with a pod is said of its node.
  return [without(rolloutProblem(subject, rollout), { id, place, text }), ...onNodes];
}

interface OfSpeakers {
  readonly declared: DeclaredImage;
  readonly workload: Labelled;
  readonly mend: string;
}

function speakerOnNode({ name }: NodeConfig, { declared, workload, mend }: OfSpeakers, pods: readonly V1Pod[]): Check {
  const id = "metallb.speaker";
  const here = pods.filter((pod) => componentOf(pod) === "speaker" && pod.spec?.nodeName === name);
  const ready = here.find((pod) => podProblem(pod) === undefined);
  if (ready !== undefined) {
    const text = `speaker on ${name} is ready, with the image ${declared.text}`;
    return without(declared.problem(`speaker on ${name}`, ready.spec, workload), { id, place: name, text });
  }
  const [pod] = here;
  if (pod !== undefined) return failed(id, name, `speaker on ${name} is not ready: ${podProblem(pod)}`);
  const remedy = `${mend}; if the DaemonSet is as declared, see whether a taint of ${name} keeps it off`;
  return failed(id, name, `there is no speaker on ${name}`, remedy);
}

async function secretCheck({ core }: KubernetesApi, { namespace, mend }: Installation, name: string): Promise<Check> {
  const id = "metallb.memberlist-secret";
  const place = `${namespace}/${name}`;
  const secret = await ifExists(core.readNamespacedSecret({ namespace, name }));
  const problem =
    secret === undefined
      ? `Secret ${place} does not exist: a speaker that starts anew cannot`
      : secret.data?.secretkey
        ? undefined
        : `Secret ${place} has no key secretkey: a speaker that starts anew cannot`;
  return without(problem, { id, place, text: `Secret ${place} has the key secretkey`, remedy: mend });
}
