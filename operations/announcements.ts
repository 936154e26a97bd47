import type { V1Pod } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import pLimit from "p-limit";
import { apiProblem, type KubernetesApi } from "../kubernetes/connect";
import { isReady } from "./pod-health";

/** A node that announces the address of a Service. */
export interface Announcement {
  /** "default/web" */
  readonly service: string;
  readonly address: string;
  readonly node: string;
  readonly protocol: string;
  /** Absent where the speaker's log does not tell. */
  readonly since?: Since;
}

export interface Since {
  /** RFC 3339. */
  readonly at: string;
  /** It began before: the log that tells when is gone. */
  readonly before: boolean;
}

export interface Announcements {
  readonly found: readonly Announcement[];
  /** Whether every speaker answered. */
  readonly complete: boolean;
  readonly notes: readonly string[];
}

const namespace = "metallb-system";
const metricsPort = 7472;
const atOnce = 20;

/** Asks every speaker, through the API server, what it announces. One that does not answer is named in a note. */
export async function findAnnouncements(
  { core }: Pick<KubernetesApi, "core">,
  speakers: readonly V1Pod[],
): Promise<Announcements> {
  const limit = pLimit(atOnce);
  const answers = speakers.map((pod) =>
    limit(async (): Promise<Announcements> => {
      const name = pod.metadata?.name ?? "";
      const node = pod.spec?.nodeName ?? "no node";
      const unknown = (why: string) => ({
        found: [],
        complete: false,
        notes: [`the speaker on ${node} ${why}: what it announces is not known`],
      });
      if (!isReady(pod)) return unknown("is not ready");
      let metrics: Metrics;
      try {
        metrics = parseMetrics(
          await core.connectGetNamespacedPodProxyWithPath({
            name: `${name}:${metricsPort}`,
            namespace,
            path: "metrics",
          }),
        );
      } catch (error) {
        return unknown(`does not answer (${apiProblem(error)})`);
      }
      const notes = metrics.stale
        ? [
            `the speaker on ${node} refuses the ConfigMap ${namespace}/config and goes on with the one before: see its log`,
          ]
        : [];
      if (metrics.announced.length === 0) return { found: [], complete: true, notes };
      try {
        const log = await core.readNamespacedPodLog({ name, namespace, container: "speaker", ...logBounds });
        const found = metrics.announced.map((one) => ({ ...one, since: announcedSince(log, one) }));
        return { found, complete: true, notes };
      } catch (error) {
        const note = `the log of the speaker on ${node} cannot be read (${apiProblem(error)}): since when it announces is not known`;
        return { found: metrics.announced, complete: true, notes: [...notes, note] };
      }
    }),
  );
  const all = await Promise.all(answers);
  return {
    found: all.flatMap(({ found }) => found),
    complete: all.every(({ complete }) => complete),
    notes: all.flatMap(({ notes }) => notes),
  };
}

interface Metrics {
  readonly announced: readonly Announcement[];
  /** The ConfigMap could not be used, and an older one is in force. */
  readonly stale: boolean;
}

/** Reads the lines metallb_speaker_announced{ip="…",node="…",protocol="…",service="…"} 1 of a speaker's metrics. */
export function parseMetrics(text: string): Metrics {
  const announced = [...text.matchAll(/^metallb_speaker_announced\{(.*)\} 1$/gm)].map(([, labels = ""]) => {
    const of = Object.fromEntries([...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key, value]) => [key, value]));
    const { service = "", ip: address = "", node = "", protocol = "" } = of as Record<string, string>;
    return { service, address, node, protocol };
  });
  return { announced, stale: /^metallb_k8s_client_config_stale_bool 1$/m.test(text) };
}

/** The end of a log: some 250 bytes a line, so that the lines are the bound, and the bytes one against madness. */
export const logBounds = { tailLines: 10_000, limitBytes: 16 * 1024 * 1024 };

interface LogEvent {
  readonly event?: string;
  readonly service?: string;
  readonly ip?: string;
  readonly ts: string;
}

/** When a speaker began to announce, from the end of its log: the first announcement after the last withdrawal. */
export function announcedSince(log: string, { service, address }: Announcement): Since | undefined {
  // Cut off at the newest end: what is missing may be a withdrawal.
  if (Buffer.byteLength(log) >= logBounds.limitBytes) return undefined;
  const lines = log.split("\n").filter((line) => line.startsWith("{"));
  const events = lines
    .filter((line) => line.includes('"serviceAnnounced"') || line.includes('"serviceWithdrawn"'))
    .flatMap(parseEvent)
    .filter((event) => event.service === service);
  const withdrawn = events.findLastIndex(({ event }) => event === "serviceWithdrawn");
  const first = events.slice(withdrawn + 1).find(({ ip }) => ip === address);
  // Services are announced again at each of their updates: without the log's start the first one may be such.
  const fromTheStart = lines.some((line) => line.includes('"MetalLB speaker starting'));
  if (first !== undefined && (withdrawn >= 0 || fromTheStart)) return { at: first.ts, before: false };
  const [oldest] = first === undefined ? lines.flatMap(parseEvent) : [first];
  return oldest === undefined ? undefined : { at: oldest.ts, before: true };
}

function parseEvent(line: string): LogEvent[] {
  try {
    const { event, service, ip, ts } = JSON.parse(line) as Partial<LogEvent>;
    return typeof ts === "string" ? [{ event, service, ip, ts }] : [];
  } catch {
    return [];
  }
}
