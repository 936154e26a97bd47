import { createHash } from "node:crypto";

/** A host's public key: the type, and the base64 text as known_hosts and cluster.yaml have it. */
export interface HostKey {
  /** "ecdsa-sha2-nistp256" */
  readonly type: string;
  /** Type and base64 text: the form of `nodes[].hostKey`. */
  readonly text: string;
  /** "SHA256:…", as ssh-keygen -l prints it. */
  readonly fingerprint: string;
}

/**
 * The algorithms in the order that Terraform's client asks for them (golang.org/x/crypto/ssh, supportedHostKeyAlgos):
 * the server answers with its key for the first of them that it has, and that is the key to pin.
 */
export const terraformHostKeyOrder = [
  "ecdsa-sha2-nistp256",
  "ecdsa-sha2-nistp384",
  "ecdsa-sha2-nistp521",
  "rsa-sha2-256",
  "rsa-sha2-512",
  "ssh-rsa",
  "ssh-ed25519",
] as const;

/** A key as the protocol carries it: its type's length in four bytes, the type, and the rest. */
export function hostKeyOf(blob: Buffer): HostKey {
  const type = blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1");
  const digest = createHash("sha256").update(blob).digest("base64").replace(/=+$/, "");
  return { type, text: `${type} ${blob.toString("base64")}`, fingerprint: `SHA256:${digest}` };
}

/** A key as `nodes[].hostKey` writes it. */
export function parseHostKey(text: string): HostKey {
  return hostKeyOf(Buffer.from(text.split(" ")[1] ?? "", "base64"));
}
