import type { V1Pod, V1Service } from "@kubernetes/client-node" with { "resolution-mode": "import" };
import type { MetallbVersion } from "../../stacks/metallb/release/releases";
import { configurationText } from "../../stacks/metallb/release/running";
import { apiProblem, type KubernetesApi } from "../../remote/kubernetes/connect";
import { type Announced, announcedIn, findAnnounced } from "../metallb/announced";
import type { Installation } from "../metallb/installation";
import { type PodMetrics, readMetrics, sampleValue } from "../metallb/metrics";
import { isReady } from "../workload";
import { ingressAddresses, serviceName } from "../load-balancers";

/** A node that announces the address of a Service. */
export interface Announcement extends Announced {
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

/** Asks every speaker, or the objects that they write, what each announces. One that does not answer is named in a note. */
export async function findAnnouncements(
  api: Pick<KubernetesApi, "core" | "get">,
  version: MetallbVersion,
  found: {
    readonly metallb: Installation;
    readonly speakers: readonly V1Pod[];
    readonly services: readonly V1Service[];
  },
): Promise<Announcements> {
  const { metallb, speakers } = found;
  const answers = await readMetrics(api, metallb, speakers, version);
  if (answers === undefined) return byObjects(api, found);
  const unready = speakers.filter((pod) => !isReady(pod)).map((pod) => unknown(pod, "is not ready"));
  return together([
    ...unready,
    ...(await Promise.all(answers.map((answer) => byMetrics(api, metallb, version, answer)))),
  ]);
}

const together = (all: readonly Announcements[]): Announcements => ({
  found: all.flatMap(({ found }) => found),
  complete: all.every(({ complete }) => complete),
  notes: all.flatMap(({ notes }) => notes),
});

async function byObjects(
  api: Pick<KubernetesApi, "core" | "get">,
  { metallb, speakers, services }: Parameters<typeof findAnnouncements>[2],
): Promise<Announcements> {
  // They name the Service only; its addresses are what the log has.
  const addresses = new Map(services.map((service) => [serviceName(service), ingressAddresses(service)]));
  const announced = (await findAnnounced(api, metallb, undefined)).flatMap((one): Announced[] =>
    (addresses.get(one.service) ?? [undefined]).map((address) => ({ ...one, address })),
  );
  const ofPods = speakers.map((pod) => {
    const ofPod = announced.filter(({ node }) => node === nodeOf(pod));
    return withSince(api, metallb, pod, ofPod);
  });
  const elsewhere = announced.filter(({ node }) => !speakers.some((pod) => nodeOf(pod) === node));
  return together([...(await Promise.all(ofPods)), { found: elsewhere, complete: true, notes: [] }]);
}

const nodeOf = ({ spec }: V1Pod) => spec?.nodeName ?? "no node";

const unknown = (pod: V1Pod, why: string): Announcements => ({
  found: [],
  complete: false,
  notes: [`the speaker on ${nodeOf(pod)} ${why}: what it announces is not known`],
});

async function byMetrics(
  api: Pick<KubernetesApi, "core">,
  metallb: Installation,
  version: MetallbVersion,
  { pod, samples, problem }: PodMetrics,
): Promise<Announcements> {
  if (samples === undefined) return unknown(pod, `does not answer (${problem})`);
  const stale = `the speaker on ${nodeOf(pod)} refuses ${configurationText(version)} and goes on as before: see its log`;
  const notes = sampleValue(samples, "metallb_k8s_client_config_stale_bool") === 1 ? [stale] : [];
  return together([{ found: [], complete: true, notes }, await withSince(api, metallb, pod, announcedIn(samples))]);
}

/** What a speaker announces, with the times out of its log. */
async function withSince(
  { core }: Pick<KubernetesApi, "core">,
  { namespace }: Installation,
  pod: V1Pod,
  announced: readonly Announced[],
): Promise<Announcements> {
  // Most speakers of a large cluster announce nothing, and need not be asked for their log.
  if (announced.length === 0) return { found: [], complete: true, notes: [] };
  try {
    const name = pod.metadata?.name ?? "";
    const log = await core.readNamespacedPodLog({
      name,
      namespace,
      container: "speaker",
      ...logBounds,
    });
    return {
      found: announced.map((one) => ({ ...one, since: announcedSince(log, one) })),
      complete: true,
      notes: [],
    };
  } catch (error) {
    const note = `the log of the speaker on ${nodeOf(pod)} cannot be read (${apiProblem(error)}): since when it announces is not known`;
    return { found: announced, complete: true, notes: [note] };
  }
}

/** The end of a log: some 250 bytes a line, so that the lines are the bound, and the bytes one against madness. */
export const logBounds = { tailLines: 10_000, limitBytes: 16 * 1024 * 1024 };

interface LogEvent {
  readonly event?: string;
  /** Not in 0.13 and later. */
  readonly service?: string;
  /** One of 0.9; lists in later versions, by either name. */
  readonly ip?: string | readonly string[];
  readonly ips?: readonly string[];
  readonly ts: string;
}

const addressesIn = ({ ip = [], ips = [] }: LogEvent): readonly string[] => [ip, ips].flat();

/** When a speaker began to announce, from the end of its log: the first announcement after the last withdrawal. */
export function announcedSince(log: string, { service, address }: Announced): Since | undefined {
  // Cut off at the newest end: what is missing may be a withdrawal.
  if (Buffer.byteLength(log) >= logBounds.limitBytes) return undefined;
  const lines = log.split("\n").filter((line) => line.startsWith("{"));
  const events = lines
    .filter((line) => line.includes('"serviceAnnounced"') || line.includes('"serviceWithdrawn"'))
    .flatMap(parseEvent)
    .filter((event) =>
      event.service === undefined ? addressesIn(event).includes(address ?? "") : event.service === service,
    );
  const withdrawn = events.findLastIndex(({ event }) => event === "serviceWithdrawn");
  const first = events.slice(withdrawn + 1).find((event) => addressesIn(event).includes(address ?? ""));
  // Services are announced again at each of their updates: without the log's start the first one may be such.
  const fromTheStart = lines.some((line) => line.includes('"MetalLB speaker starting'));
  if (first !== undefined && (withdrawn >= 0 || fromTheStart)) return { at: first.ts, before: false };
  const [oldest] = first === undefined ? lines.flatMap(parseEvent) : [first];
  return oldest === undefined ? undefined : { at: oldest.ts, before: true };
}

function parseEvent(line: string): LogEvent[] {
  try {
    const { event, service, ip, ips, ts } = JSON.parse(line) as Partial<LogEvent>;
    return typeof ts === "string" ? [{ event, service, ip, ips, ts }] : [];
  } catch {
    return [];
  }
}
