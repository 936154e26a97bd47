/** A node that could not be asked over SSH; the message names it, says why, and how to mend it. */
export class SshError extends Error {}
