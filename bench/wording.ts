/** "3.8 s", "124 s" */
export const secondsText = (seconds: number): string => `${seconds.toFixed(seconds < 99.95 ? 1 : 0)} s`;

/** "319 MiB", "1.2 GiB" */
export const mebibytesText = (mebibytes: number): string =>
  mebibytes < 1000 ? `${mebibytes.toFixed(0)} MiB` : `${(mebibytes / 1024).toFixed(1)} GiB`;
