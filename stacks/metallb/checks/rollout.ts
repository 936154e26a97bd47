import { durationSeconds } from "../../../values/durations";
import type { Finding } from "../../../values/problem";
import type { MetallbDraft } from "../draft";
import { objectsHave } from "../release/written-objects";
import { toleratesControlPlane } from "./pods";

/** When upstream's readiness probe first asks a speaker, in seconds after its start; upstream: initialDelaySeconds. */
const firstProbeSeconds = 10;

/** Speakers that wait so long for each other that a deploy gives them up before the last one is replaced. */
export function checkRollout({ nodes = [], metallb }: MetallbDraft): Finding[] {
  const { version, rolloutTimeout, speaker } = metallb ?? {};
  const minReadySeconds = speaker?.minReadySeconds ?? 0;
  if (version === undefined || rolloutTimeout === undefined || minReadySeconds === 0) return [];
  const speakers = nodes.filter((node) => node?.role !== "control-plane" || toleratesControlPlane({ metallb })).length;
  const leastSeconds = speakers * (minReadySeconds + (objectsHave(version, "probes") ? firstProbeSeconds : 0));
  if (leastSeconds < durationSeconds(rolloutTimeout)) return [];
  return [
    {
      severity: "warning",
      path: ["metallb", "speaker", "minReadySeconds"],
      given: `${minReadySeconds} with rolloutTimeout: ${rolloutTimeout}`,
      expected: `time to replace one speaker after the other: those of ${speakers} nodes take at least ${leastSeconds} s, and a deploy that changes them fails before that`,
      // Pods take longer than the probe's first question, and images are pulled.
      remedy: `set metallb.rolloutTimeout: ${Math.ceil((2 * leastSeconds) / 60)}m, or a smaller minReadySeconds`,
    },
  ];
}
