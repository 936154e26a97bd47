import type { AnnouncingProtocol } from "../../stacks/metallb/pools/protocols";
import { statusKinds, statusLabels } from "../../stacks/metallb/release/running";
import type { KubernetesApi } from "../../remote/kubernetes/connect";
import type { Installation } from "./installation";
import { listResources, type LiveResource } from "./live-resources";
import type { PodMetrics, Sample } from "./metrics";

/** That a node announces a Service. */
export interface Announced {
  /** "default/web" */
  readonly service: string;
  /** Absent where only the Service is told, all of whose addresses it then is. */
  readonly address?: string;
  readonly node: string;
  readonly protocol: string;
}

/**
 * Who announces what. By each speaker's own metrics, which show two that announce the same; where they are not to be had,
 * by the objects that the speakers write.
 */
export async function findAnnounced(
  api: Pick<KubernetesApi, "get">,
  { namespace }: Pick<Installation, "namespace">,
  metrics: readonly PodMetrics[] | undefined,
): Promise<Announced[]> {
  if (metrics !== undefined) {
    return metrics.flatMap(({ pod, samples = [] }) =>
      announcedIn(samples).map((one) => ({ ...one, node: pod.spec?.nodeName ?? one.node })),
    );
  }
  const found = await Promise.all(
    statusKinds.map(async ({ plural, protocol }) =>
      ((await listResources(api, { namespace, plural, version: "v1beta1" })) ?? []).map((one) =>
        fromObject(one, protocol),
      ),
    ),
  );
  return found.flat();
}

/** Out of the samples metallb_speaker_announced{ip="…",node="…",protocol="…",service="…"} 1. */
export function announcedIn(samples: readonly Sample[]): (Announced & { readonly address: string })[] {
  return samples
    .filter(({ name, value }) => name === "metallb_speaker_announced" && value === 1)
    .map(({ labels: { service = "", ip: address = "", node = "", protocol = "" } }) => ({
      service,
      address,
      node,
      protocol,
    }));
}

function fromObject({ metadata: { labels = {} } }: LiveResource, protocol: string): Announced {
  const { node, service, namespace } = statusLabels;
  return { service: `${labels[namespace]}/${labels[service]}`, node: labels[node] ?? "", protocol };
}

/** The nodes that announce a Service's address, by whatever protocol or by a certain one. */
export const announcersOf = (
  announced: readonly Announced[],
  service: string,
  address: string,
  protocol?: AnnouncingProtocol,
): string[] =>
  announced
    .filter((one) => one.service === service && (one.address === undefined || one.address === address))
    .filter((one) => protocol === undefined || one.protocol === protocol)
    .map(({ node }) => node);
