import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { keyKind } from "../../cluster/private-key";
import { expandHome } from "../../values/paths";
import { port, userName } from "../../values/scalars";
import { UserError } from "../../values/user-error";
import type { Surroundings } from "./kubeconfig";
import { given, type Mapping, type Written } from "./note";

export interface SshOptions {
  /** The user on the nodes. @default who runs the command */
  readonly sshUser?: string;
  /** The path of a private key. @default one of OpenSSH's usual names, or the SSH agent */
  readonly sshKey?: string;
  /** The SSH port of the nodes. @default 22 */
  readonly sshPort?: string;
}

/** OpenSSH's own names, those first that it takes first. */
const usualKeys = ["~/.ssh/id_ed25519", "~/.ssh/id_ecdsa", "~/.ssh/id_rsa"];

/** How the stacks reach the nodes: what nothing in Kubernetes tells. @throws UserError where the port is none. */
export function writtenSsh(
  { sshUser, sshKey, sshPort }: SshOptions,
  { environment, home, folder, login }: Surroundings & { readonly login: string },
): Written<Mapping> {
  const found = sshPort === undefined ? undefined : port.safeParse(Number(sshPort));
  if (found?.success === false) {
    throw new UserError(`--ssh-port ${sshPort} is no port; expected a whole number from 1 to 65535`);
  }
  const user = sshUser ?? (userName.safeParse(login).success ? login : "root");
  const kindOf = (path: string) => {
    try {
      return keyKind(readFileSync(expandHome(path, home), "utf8"));
    } catch {
      return undefined;
    }
  };
  const usable = usualKeys.find((path) => kindOf(path) === "private");
  const agent = sshKey === undefined && usable === undefined && (environment["SSH_AUTH_SOCK"] ?? "") !== "";
  const named = sshKey === undefined || sshKey.startsWith("~/") ? sshKey : resolve(folder, sshKey);
  const privateKeyFile = named ?? usable ?? usualKeys[0];
  const assumed = [
    ...(sshUser === undefined ? [`the user ${user}`] : []),
    ...(sshKey === undefined ? [agent ? "the SSH agent" : `the key ${privateKeyFile}`] : []),
  ];
  const text =
    assumed.length === 0
      ? "root, or a user who may run sudo without a password."
      : `Kubernetes does not tell it, so ${assumed.join(" and ")} ${assumed.length > 1 ? "are" : "is"} assumed: root, or a user who may run sudo without a password, and a key that every node takes.`;
  return {
    value: given({ user, port: found?.data, ...(agent ? { agent: true } : { privateKeyFile }) }),
    notes: [{ path: ["ssh"], text, quiet: assumed.length === 0 }],
  };
}
