import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import pLimit from "p-limit";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { findInstallations } from "../metallb/installation";
import { metallbPods } from "../metallb/pods";
import { isReady } from "../workload";
import type { ReportFile } from "./part";

/** Pods whose logs are taken, of MetalLB and of kube-proxy each: those with trouble first. */
export const podsAtMost = 20;

/** Bound of one log, in bytes: a line may be of any length. */
const bytesAtMost = 1024 * 1024;

const atOnce = 10;

interface LogOptions {
  /** The last ones of each container. */
  readonly lines: number;
}

/** The logs of MetalLB's and kube-proxy's containers, and of those that ran before a restart. */
export async function podLogs(api: KubernetesApi, { lines }: LogOptions): Promise<ReportFile[]> {
  const { core } = api;
  const { metallb } = await findInstallations(api);
  const kubeProxy = { namespace: "kube-system", labelSelector: "k8s-app=kube-proxy" };
  const [ofMetallb, ofKubeProxy] = await Promise.all([
    metallbPods(api, metallb),
    core.listNamespacedPod(kubeProxy).then(({ items }) => items),
  ]);
  const logs = [
    ...troubledFirst(ofMetallb).flatMap((pod) => logsOf(metallb.namespace, pod)),
    ...troubledFirst(ofKubeProxy).flatMap((pod) => logsOf(kubeProxy.namespace, pod)),
  ];
  const limit = pLimit(atOnce);
  return Promise.all(
    logs.map(({ file, ...log }) =>
      limit(async (): Promise<ReportFile> => {
        try {
          const text = await core.readNamespacedPodLog({
            ...log,
            tailLines: lines,
            limitBytes: bytesAtMost,
            timestamps: true,
          });
          return { name: file, content: { text: wholeLines(text) } };
        } catch (error) {
          return { name: file, problem: apiProblem(error) };
        }
      }),
    ),
  );
}

const restarts = ({ status }: V1Pod): number =>
  (status?.containerStatuses ?? []).reduce((sum, { restartCount = 0 }) => sum + restartCount, 0);

function troubledFirst(pods: readonly V1Pod[]): V1Pod[] {
  const trouble = (pod: V1Pod) => (isReady(pod) ? 0 : 1_000_000) + restarts(pod);
  return [...pods].sort((a, b) => trouble(b) - trouble(a)).slice(0, podsAtMost);
}

function logsOf(namespace: string, { metadata, spec, status }: V1Pod) {
  const name = metadata?.name ?? "";
  const containers = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])];
  const restarted = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
    .filter(({ restartCount = 0 }) => restartCount > 0)
    .map((one) => one.name);
  return containers.flatMap(({ name: container }) => {
    const file = `logs/${name}/${container}`;
    const log = { namespace, name, container };
    return [
      { ...log, file: `${file}.log` },
      ...(restarted.includes(container) ? [{ ...log, previous: true, file: `${file}.previous.log` }] : []),
    ];
  });
}

/** Of a log that is cut off at its bound the last line is left out: half a secret is not found. */
function wholeLines(text: string): string {
  if (Buffer.byteLength(text) < bytesAtMost) return text;
  return `${text.slice(0, text.lastIndexOf("\n") + 1)}(cut off here, at ${bytesAtMost} bytes)\n`;
}
