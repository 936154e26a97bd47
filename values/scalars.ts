import { z } from "zod";
import { isIPv4, isIPv6, isRange, parseCIDR } from "./address-ranges";
import { expectation } from "./expectation";

/** A string of one form: the same message whether the value is no string or a string of another form. */
export const text = (pattern: RegExp, error: string) => z.string({ error }).regex(pattern, { error });

/** A whole number between two bounds, both included. */
export function wholeNumber(
  minimum: number,
  maximum: number,
  what: string,
  remedy = "write a number in that range, without quotes",
) {
  const error = expectation(`${what}: a whole number from ${minimum} to ${maximum}`, remedy);
  return z.number({ error }).int({ error }).min(minimum, { error }).max(maximum, { error });
}

/** true or false. */
export const flag = z.boolean({ error: expectation("true or false", "write true or false, without quotes") });

/** Any text but an empty one. */
export function someText(what: string) {
  const error = expectation(what, "write it as text, in quotes where YAML would read a number");
  return z.string({ error }).min(1, { error });
}

/** A DNS-1123 label: at most 63 lower-case letters, digits and hyphens. */
export const dnsLabel = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/,
  expectation(
    "a DNS label: at most 63 lower-case letters, digits and hyphens, the first and the last no hyphen",
    'write a name such as "search-1"',
  ),
);

const dnsSubdomainError = expectation(
  "a DNS name: labels of lower-case letters, digits and hyphens, joined by dots, at most 253 characters",
  'write a name such as "worker-1" or "worker-1.example.org"',
);

const subdomain = (typeError: string, formError = dnsSubdomainError) =>
  z
    .string({ error: typeError })
    .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, { error: formError })
    .max(253, { error: formError });

/**
 * A DNS-1123 subdomain, the form of the names of a Kubernetes node and of most objects: labels joined by dots, at most 253
 * characters. Unlike in DNS, a label may be as long; upstream: IsDNS1123Subdomain in apimachinery.
 */
export const dnsSubdomain = subdomain(dnsSubdomainError);

/** A DNS name, and a port behind it where it is not the usual one. */
export const hostAndPort = text(
  /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*(:([1-9]\d{0,3}|[1-5]\d{4}|6[0-4]\d{3}|65[0-4]\d{2}|655[0-2]\d|6553[0-5]))?$/,
  expectation(
    "a server's DNS name, with :PORT where it has another one than 443",
    "write it as tfe.example.org or tfe.example.org:8443",
  ),
);

/**
 * The URL of a server that secrets are sent to: https://, or http:// to this machine. It is shown in messages and written
 * to files, so that it has no credentials in it.
 */
export const webAddress = text(
  /^(https:\/\/[A-Za-z0-9.-]+|http:\/\/(localhost|127(\.\d{1,3}){3})|https?:\/\/\[[0-9a-f:]+\])(:\d{1,5})?(\/[A-Za-z0-9._~%-]+)*$/,
  expectation(
    "an https:// URL (http:// to this machine alone), without credentials, query and slash at the end",
    "write it as https://state.example.org/terraform; user and password come from the environment",
  ),
);

/** The name of an object that Kubernetes' own files write as a mapping, {name: NAME}. */
export const objectName = (key: string, what: string) =>
  subdomain(
    expectation(`the name of ${what}, as text`, `write its name alone, ${key}: NAME, with no mapping around it`),
  );

/** The name of an object that something refers to, or no key where there is none. */
export const referredName = (what: string, remedy: string) => {
  const error = expectation(what, remedy);
  return subdomain(error, error);
};

const ipAddressError = expectation(
  "an IP address, such as 192.168.1.10",
  "write the address alone, with no name, port, prefix length or zone",
);

/** One IPv4 or IPv6 address, four decimal parts for IPv4. */
export const ipAddress = z
  .string({ error: ipAddressError })
  .refine((address) => isIPv4(address) || isIPv6(address), { error: ipAddressError });

const ipv4AddressError = expectation(
  "an IPv4 address, such as 192.168.1.10",
  "write four decimal numbers joined by dots",
);

/** One IPv4 address. */
export const ipv4Address = z.string({ error: ipv4AddressError }).refine(isIPv4, { error: ipv4AddressError });

const networkError = expectation(
  "a network such as 192.168.1.0/24",
  "write an IP address, a / and the prefix length; /32 for the one IPv4 address",
);

/** One IPv4 or IPv6 network in CIDR notation, as Go's ParseCIDR reads it. */
export const network = z
  .string({ error: networkError })
  .refine((text) => isRange(parseCIDR(text)), { error: networkError });

/** A TCP port, 1 to 65535. */
export const port = wholeNumber(1, 65535, "a port");

const durationForm = /^(?!$)(\d{1,5}h)?(\d{1,5}m)?(\d{1,5}s)?$/;
const durationText =
  "a duration: whole numbers of hours, minutes and seconds, each of at most 5 digits, with no space between";

/** A duration in whole hours, minutes and seconds, as Go reads and prints it: 90s, 1m30s, 1h. Not zero. */
export const duration = text(
  durationForm,
  expectation(durationText, "write a duration such as 30s, 1m30s or 1h"),
).refine((given) => /[1-9]/.test(given), {
  error: expectation(`${durationText}, and not zero`, "write a duration such as 30s, 1m30s or 1h"),
});

/** The same, and 0s. */
export const durationOrZero = text(
  durationForm,
  expectation(durationText, "write a duration such as 30s, 1m30s or 1h, or 0s"),
);

/**
 * A user's name on a node, as a directory (LDAP, Active Directory: CORP\\jane, jane@corp.example.org) or useradd has it.
 * None of the characters means anything in Terraform; all but the backslash mean nothing to a shell, where it is quoted.
 */
export const userName = text(
  /^[A-Za-z0-9_][A-Za-z0-9_.@\\+-]{0,254}\$?$/,
  expectation(
    "a user name: letters, digits and _ . @ \\ + -, the first a letter, a digit or _",
    "write the name of a user who exists on the node, such as root or ops",
  ),
);

/** A path on the machine that runs Terraform: absolute, or below the home directory. */
export const localPath = text(
  /^(~?\/.*[^/])$/,
  expectation(
    "the path of a file: absolute, or starting with ~/",
    "write the whole path; a relative one would depend on the directory that Terraform runs in",
  ),
);

/** A path on the machine that synthesises: absolute, below the home directory, or relative to cluster.yaml's folder. */
export const relativePath = text(
  /^(~?\/)?([^/~].*)?[^/]$/,
  expectation(
    "the path of a file: absolute, starting with ~/, or relative to the folder of cluster.yaml",
    "write a path such as manifests/metallb.yaml, with no slash at the end",
  ),
);

/**
 * A network interface's name, as Linux allows it (dev_valid_name): 1 to 15 characters, no slash, colon and space. eth0:1 is
 * the label of an address.
 */
export const interfaceName = text(
  /^[^\s/:]{1,15}$/,
  expectation(
    "the name of a network interface: at most 15 characters, no slash, no colon and no space",
    "write a name such as eth0",
  ),
);

/** The value of a label in Kubernetes. It may be empty. */
export const labelValue = text(
  /^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
  expectation(
    "a label's value: at most 63 letters, digits, hyphens, underscores and dots, the first and the last a letter or digit",
    'write it as text, in quotes where YAML would read something else: "true", "1"',
  ),
);

const qualifiedNameForm =
  /^(?=[^/]{0,253}\/|[^/]*$)([a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * Whether a text is a qualified name of Kubernetes, the form of a label's key: a name, with a DNS name and a slash before
 * where it has one. Upstream: IsQualifiedName in apimachinery.
 */
export const isQualifiedName = (given: string): boolean => qualifiedNameForm.test(given);

/** Whether a text is an annotation's key: case does not matter there. Upstream: ValidateAnnotations in apimachinery. */
export const isAnnotationKey = (given: string): boolean => isQualifiedName(given.toLowerCase());

/** What a qualified name is, for messages. */
export const qualifiedNameText =
  "at most 63 letters, digits, hyphens, underscores and dots, with a DNS name and a slash before where it has one";

const hostKeyError = expectation(
  'a host key of type ecdsa-sha2-nistp256, -384 or -521, ssh-ed25519 or ssh-rsa: "ecdsa-sha2-nistp256 AAAA…"',
  "write the type and the base64 text as ssh-keyscan prints them, without the host in front and without a comment",
);

/** Whether the base64 text of a public key begins with the type that is written before it (RFC 4253, section 6.6). */
function namesItsOwnType(key: string): boolean {
  const [type = "", base64 = ""] = key.split(" ");
  const blob = Buffer.from(base64, "base64");
  return blob.length > 4 && blob.subarray(4, 4 + blob.readUInt32BE(0)).toString("latin1") === type;
}

/** One line of known_hosts without the host: key type and base64 text. */
export const hostKey = text(
  /^(ecdsa-sha2-nistp(256|384|521)|ssh-ed25519|ssh-rsa) [A-Za-z0-9+/]{64,}={0,3}$/,
  hostKeyError,
).refine(namesItsOwnType, { error: hostKeyError });
