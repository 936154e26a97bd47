/** What a file that should hold an SSH private key holds. */
export type KeyKind = "private" | "encrypted" | "public" | "putty" | "other";

/** Tells what a key file holds by its headers. The key itself is neither decoded further nor kept. */
export function keyKind(text: string): KeyKind {
  if (text.startsWith("PuTTY-User-Key-File-")) return "putty";
  if (/^(ssh-|ecdsa-|sk-)\S+ AAAA/.test(text) || text.startsWith("---- BEGIN SSH2 PUBLIC KEY")) return "public";
  const [, label, body = ""] = /^-----BEGIN ([A-Z0-9 ]*)-----\s([\s\S]*)-----END \1-----/m.exec(text) ?? [];
  switch (label) {
    case "OPENSSH PRIVATE KEY":
      return openSshKind(body);
    case "ENCRYPTED PRIVATE KEY":
      return "encrypted";
    case "PRIVATE KEY":
    case "RSA PRIVATE KEY":
    case "EC PRIVATE KEY":
    case "DSA PRIVATE KEY":
      // RFC 1421 headers, which OpenSSL's old formats use.
      return /^Proc-Type: *4,ENCRYPTED/m.test(body) ? "encrypted" : "private";
    case "PUBLIC KEY":
    case "RSA PUBLIC KEY":
      return "public";
    default:
      return "other";
  }
}

const openSshMagic = "openssh-key-v1\0";

/** openssh-portable, PROTOCOL.key: the magic, then the cipher's name with its length; "none" if there is no passphrase. */
function openSshKind(body: string): KeyKind {
  const bytes = Buffer.from(body.replace(/\s/g, ""), "base64");
  const start = openSshMagic.length + 4;
  if (bytes.length < start || bytes.subarray(0, openSshMagic.length).toString("latin1") !== openSshMagic)
    return "other";
  const length = bytes.readUInt32BE(openSshMagic.length);
  const cipher = bytes.subarray(start, start + length).toString("latin1");
  return cipher === "none" ? "private" : "encrypted";
}
