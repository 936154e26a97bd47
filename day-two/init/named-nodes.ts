import { isIP } from "node:net";
import { userName } from "../../values/scalars";
import { UserError } from "../../values/user-error";

/** The nodes of --from-nodes. */
export interface NamedNodes {
  /** @default that of --ssh-user, or who runs the command */
  readonly user?: string;
  /** Each once, in the given order. */
  readonly addresses: readonly string[];
}

/**
 * Reads user@10.0.0.1, or an address alone.
 * @throws UserError for what is no address, and where the users differ: cluster.yaml has one for all nodes.
 */
export function namedNodes(texts: readonly string[], sshUser: string | undefined): NamedNodes {
  const found = texts.map((text) => {
    const at = text.lastIndexOf("@");
    const [user, address] = [at < 0 ? undefined : text.slice(0, at), text.slice(at + 1)];
    if (isIP(address) !== 0 && (user === undefined || userName.safeParse(user).success)) return { user, address };
    throw new UserError(
      `--from-nodes ${text} is no node; expected user@10.0.0.1, or an IP address alone: cluster.yaml has addresses, and the port is that of --ssh-port`,
    );
  });
  const users = [...new Set([sshUser, ...found.map(({ user }) => user)].filter((user) => user !== undefined))];
  if (users.length > 1) {
    throw new UserError(
      `--from-nodes and --ssh-user name the users ${users.join(", ")}; expected one that every node has, since cluster.yaml has one (ssh.user)`,
    );
  }
  return { user: users[0], addresses: [...new Set(found.map(({ address }) => address))] };
}
