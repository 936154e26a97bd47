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

/** The duration as Go prints it, which is how `kubeadm` writes it: 5m0s for 5m, 1m30s for 90s. Zero parts in front go. */
export function goDuration(text: string): string {
  const seconds = durationSeconds(text);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return h > 0 ? `${h}h${m}m${s}s` : m > 0 ? `${m}m${s}s` : `${s}s`;
}
