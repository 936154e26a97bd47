import ipaddr from "ipaddr.js";
import { z } from "zod";

/** A DNS-1123 label: at most 63 lower-case letters, digits and hyphens. */
export const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error: "expected a DNS label: lower-case letters, digits and hyphens, at most 63 characters",
});

/** A DNS-1123 subdomain, the form of a Kubernetes node's name: DNS labels joined by dots, at most 253 characters. */
export const dnsSubdomain = z
  .string()
  .max(253, { error: "expected at most 253 characters" })
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?(\.[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)*$/, {
    error: "expected a DNS name: labels of lower-case letters, digits and hyphens, joined by dots",
  });

/** One IPv4 or IPv6 address, four decimal parts for IPv4. */
export const ipAddress = z
  .string()
  .refine((text) => ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text), {
    error: "expected an IP address, such as 192.168.1.10",
  });

/** A TCP port, 1 to 65535. */
export const port = z
  .number({ error: "expected a port number from 1 to 65535" })
  .int({ error: "expected a port number from 1 to 65535" })
  .min(1, { error: "expected a port number from 1 to 65535" })
  .max(65535, { error: "expected a port number from 1 to 65535" });

/** A duration in whole seconds, minutes or hours, as Go writes it: 30s, 5m, 1h. */
export const duration = z.string().regex(/^[1-9][0-9]{0,4}[smh]$/, {
  error: "expected a duration: a whole number and s, m or h with no space, such as 30s or 5m",
});

/** A user's name on a node, as useradd accepts it. */
export const userName = z.string().regex(/^[a-z_][a-z0-9_-]{0,31}$/, {
  error: "expected a user name: lower-case letters, digits, _ and -, at most 32 characters",
});

/** One line of known_hosts without the host: key type and base64 text. */
export const hostKey = z
  .string()
  .regex(/^(ecdsa-sha2-nistp(256|384|521)|ssh-ed25519|ssh-rsa) [A-Za-z0-9+/]{64,}={0,3}$/, {
    error: 'expected a host key as ssh-keyscan prints it, without the host: "ecdsa-sha2-nistp256 AAAA…"',
  });
