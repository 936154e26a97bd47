import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import pLimit from "p-limit";
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { runningOf } from "../../stacks/metallb/release/running";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { isReady } from "../workload";
import type { Installation } from "./installation";
import { componentOf } from "./pods";

/** One line of Prometheus' text format. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** What one of MetalLB's pods says of itself, or why it cannot be asked. */
export type PodMetrics = { readonly pod: V1Pod; readonly port: number } & (
  | { readonly samples: readonly Sample[]; readonly problem?: undefined }
  | { readonly samples?: undefined; readonly problem: string }
);

/** How many pods are asked at the same time, through the API server. */
const atOnce = 20;

/**
 * Asks every ready pod for its metrics, through the API server's proxy: no port of a node need be open to us. Undefined
 * where the version serves none that can be read so.
 */
export async function readMetrics(
  { core }: Pick<KubernetesApi, "core">,
  { namespace }: Pick<Installation, "namespace">,
  pods: readonly V1Pod[],
  version: MetallbVersion,
): Promise<readonly PodMetrics[] | undefined> {
  const { port: usual, secure } = runningOf(version).metrics;
  if (secure) return undefined;
  const limit = pLimit(atOnce);
  return Promise.all(
    pods.filter(isReady).map((pod) =>
      limit(async (): Promise<PodMetrics> => {
        const port = portOf(pod) ?? usual;
        const name = `${pod.metadata?.name}:${port}`;
        try {
          const text = await core.connectGetNamespacedPodProxyWithPath({ namespace, name, path: "metrics" });
          return { pod, port, samples: parseMetrics(text) };
        } catch (error) {
          return { pod, port, problem: apiProblem(error) };
        }
      }),
    ),
  );
}

/** The port that a pod says its metrics are at: a chart may have another one than upstream's manifest. */
const portOf = (pod: V1Pod): number | undefined =>
  pod.spec?.containers.find(({ name }) => name === componentOf(pod))?.ports?.find(({ name }) => name === "monitoring")
    ?.containerPort;

/** The samples of a text; comments and lines of another form are left out. */
export function parseMetrics(text: string): Sample[] {
  return text.split("\n").flatMap((line) => {
    const [, name, labels = "", value] =
      /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (NaN|[+-]?Inf|[-+.\de]+)(?: |$)/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)].map(([, key, inner]) => [key, inner]);
    return [
      {
        name,
        labels: Object.fromEntries(pairs) as Record<string, string>,
        value: Number(value?.replace("Inf", "Infinity")),
      },
    ];
  });
}

/** The value of a metric without labels; undefined if there is none. */
export const sampleValue = (samples: readonly Sample[], name: string): number | undefined =>
  samples.find((sample) => sample.name === name)?.value;

/** The values of a metric by one of its labels. */
export const sampleLabelled = (samples: readonly Sample[], name: string, label: string) =>
  samples.filter((sample) => sample.name === name).map(({ labels, value }) => ({ label: labels[label] ?? "", value }));
