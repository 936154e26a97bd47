/**
 * Seconds of a duration in whole hours, minutes and seconds: 90s, 1m30s, 1h. It is the part of Go's notation that both
 * Terraform's `timeout` and MetalLB's `hold-time` accept.
 * @throws Error if the text is no such duration.
 */
export function durationSeconds(text: string): number {
  const match = /^(?!$)(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(text);
  if (match === null) {
    throw new Error(`not a duration: ${JSON.stringify(text)}; expected whole numbers with h, m or s behind each`);
  }
  const [hours, minutes, seconds] = match.slice(1).map((part: string | undefined) => Number(part ?? 0));
  return ((hours ?? 0) * 60 + (minutes ?? 0)) * 60 + (seconds ?? 0);
}

/** A whole number of seconds as Go prints a duration: 90 is "1m30s", 3600 is "1h0m0s"; upstream: time.Duration. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [hours > 0 ? `${hours}h` : "", seconds >= 60 ? `${minutes}m` : "", `${seconds % 60}s`];
  return parts.join("");
}

const unitSeconds: Readonly<Record<string, number>> = { ns: 1e-9, us: 1e-6, µs: 1e-6, ms: 1e-3, s: 1, m: 60, h: 3600 };

/**
 * A duration in any of Go's notations (1.5m, 90000ms, 1m30.5s), as Go prints its whole seconds, to which MetalLB rounds its
 * timers down. What is no duration, or shorter than nothing, stays as it is.
 */
export function inWholeSeconds(text: string): string {
  if (!/^\+?((\d+\.?\d*|\.\d+)(ns|us|µs|ms|s|m|h))+$/.test(text)) return text;
  const parts = [...text.matchAll(/([\d.]+)([a-zµ]+)/g)].map(
    ([, number, unit = ""]) => Number(number) * (unitSeconds[unit] ?? 0),
  );
  // Parts of a second are sums of fractions that no computer has exactly.
  const seconds = parts.reduce((sum, part) => sum + part, 0);
  return goDuration(Math.floor(seconds + 1e-6));
}
