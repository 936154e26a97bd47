const secondsPerUnit = { s: 1, m: 60, h: 3600 } as const;

/**
 * Seconds of a duration in whole seconds, minutes or hours: 30s, 5m, 1h. It is the part of Go's notation that both
 * Terraform's `timeout` and MetalLB's `hold-time` accept.
 * @throws Error if the text is no such duration.
 */
export function durationSeconds(text: string): number {
  const match = /^(\d+)([smh])$/.exec(text);
  if (match === null) {
    throw new Error(`not a duration: ${JSON.stringify(text)}; expected a whole number and s, m or h`);
  }
  return Number(match[1]) * secondsPerUnit[match[2] as keyof typeof secondsPerUnit];
}

/** A whole number of seconds as Go prints a duration: 90 is "1m30s", 3600 is "1h0m0s"; upstream: time.Duration. */
export function goDuration(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [hours > 0 ? `${hours}h` : "", seconds >= 60 ? `${minutes}m` : "", `${seconds % 60}s`];
  return parts.join("");
}
