/** The exit codes of every command. */
export const exitCodes = { ok: 0, failed: 1, drifted: 2 } as const;
