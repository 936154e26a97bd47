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
