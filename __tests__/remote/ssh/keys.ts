import { generateKeyPairSync } from "node:crypto";
import { type AuthContext, type ParsedKey, utils } from "ssh2";

/** A key of a host or of a user. */
export interface KeyPair {
  /** In a form that ssh2, scp and Terraform read. */
  readonly private: string;
  /** "ecdsa-sha2-nistp256 AAAA…", as cluster.yaml has it. */
  readonly public: string;
}

/** ECDSA, which Terraform's client prefers; by Node, since ssh2's own are at times malformed. */
export function ecdsaKey(): KeyPair {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "sec1", format: "pem" }).toString();
  return { private: pem, public: `ecdsa-sha2-nistp256 ${parsed(pem).getPublicSSH().toString("base64")}` };
}

/** By ssh2, which does not read the form that Node has for this type, nor, one time in some hundred, its own. */
export function ed25519Key(): KeyPair {
  for (let tries = 0; tries < 10; tries += 1) {
    const key = utils.generateKeyPairSync("ed25519");
    if (utils.parseKey(key.private) instanceof Error) continue;
    return { private: key.private, public: key.public.split(" ").slice(0, 2).join(" ") };
  }
  throw new Error("ssh2 made ten malformed keys in a row");
}

function parsed(text: string): ParsedKey {
  const key = utils.parseKey(text);
  if (key instanceof Error) throw key;
  return key;
}

/** Whether a server is to let in who asks: one user, with one key. */
export function isLetIn(attempt: AuthContext, user: string, publicKey: string): boolean {
  const key = parsed(publicKey);
  if (attempt.method !== "publickey" || attempt.username !== user) return false;
  if (!attempt.key.data.equals(key.getPublicSSH())) return false;
  // Without a signature the client only asks whether the key would do.
  if (attempt.signature === undefined) return true;
  return key.verify(attempt.blob ?? Buffer.alloc(0), attempt.signature, attempt.hashAlgo) === true;
}
