import { Client, type ConnectConfig } from "ssh2";
import type { SshCredentials } from "./credentials";
import { type HostKey, hostKeyOf, parseHostKey, terraformHostKeyOrder } from "./host-key";
import { UserError } from "../../values/user-error";

/** A host to log in to, under the name that messages give it. */
export interface SshHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Type and base64 text; whoever answers is trusted without it. */
  readonly hostKey?: string;
}

/** Bound of a handshake, in seconds: a node that is off must not hold up the others. */
export const connectSeconds = 10;

/** How a handshake is made. */
export interface HandshakeOptions extends Pick<ConnectConfig, "sock"> {
  /** @default connectSeconds */
  readonly seconds?: number;
}

/**
 * Logs in to a host, if it has the host key that it should have.
 * @throws UserError that names the host and says how to mend it.
 */
export async function logIn(
  host: SshHost,
  credentials: SshCredentials,
  options: HandshakeOptions = {},
): Promise<Client> {
  const client = new Client();
  let refused: HostKey | undefined;
  try {
    await handshake(client, host, options, {
      ...credentials,
      hostVerifier: (blob: Buffer) => {
        const offered = hostKeyOf(blob);
        if (host.hostKey === undefined || offered.text === host.hostKey) return true;
        refused = offered;
        return false;
      },
    });
    return client;
  } catch (error) {
    client.end();
    if (refused === undefined || host.hostKey === undefined) throw error;
    throw otherHostKey(host, refused, parseHostKey(host.hostKey));
  }
}

/** The host key that a host offers to Terraform's client. Nothing is proven: the connection ends before any login. */
export async function offeredHostKey(host: SshHost, options: HandshakeOptions = {}): Promise<HostKey> {
  let offered: HostKey | undefined;
  const client = new Client();
  try {
    await handshake(client, host, options, {
      hostVerifier: (blob: Buffer) => {
        offered = hostKeyOf(blob);
        return false;
      },
    });
  } catch (error) {
    if (offered === undefined) throw error;
  } finally {
    client.end();
  }
  if (offered === undefined) throw new UserError(`${where(host)} offered no host key`);
  return offered;
}

function handshake(
  client: Client,
  host: SshHost,
  { sock, seconds = connectSeconds }: HandshakeOptions,
  proof: ConnectConfig,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not only the first: an error after it must not end the process.
    client.on("error", (error: Error & { level?: string; code?: string }) => reject(inWords(host, error, seconds)));
    client.once("ready", resolve);
    client.once("close", () => reject(new UserError(`${where(host)} closed the connection`)));
    try {
      client.connect({
        host: host.address,
        port: host.port,
        username: host.user,
        readyTimeout: seconds * 1000,
        algorithms: { serverHostKey: [...terraformHostKeyOrder] },
        sock,
        ...proof,
      });
    } catch (error) {
      // ssh2 reads the private key here. Its message never has the key.
      const reason = error instanceof Error ? error.message : String(error);
      reject(new UserError(`the SSH private key cannot be used: ${reason}`));
    }
  });
}

/** "node1 (192.168.1.10, port 22)", the subject of every message about a host. */
export const where = ({ name, address, port }: SshHost) => `${name} (${address}, port ${port})`;

function inWords(
  host: SshHost,
  error: Error & { readonly level?: string; readonly code?: string },
  seconds: number,
): UserError {
  if (error.level === "client-authentication") {
    return new UserError(
      `${where(host)} refuses user ${host.user} with this key: add its public key to the user's authorized_keys there, or correct ssh.user`,
    );
  }
  if (error.level === "client-timeout") {
    return new UserError(
      `${where(host)} did not answer within ${seconds} s: see whether the node is up and the address is right`,
    );
  }
  const reason =
    error.code === "ECONNREFUSED"
      ? "refuses connections: see whether sshd runs there, and on that port"
      : `cannot be reached: ${error.message}`;
  return new UserError(`${where(host)} ${reason}`);
}

function otherHostKey(host: SshHost, offered: HostKey, pinned: HostKey): UserError {
  return new UserError(
    `${where(host)} offers another host key than cluster.yaml has: ${offered.type} ${offered.fingerprint} instead of ${pinned.type} ${pinned.fingerprint}. ` +
      "If the machine was installed anew, or the key is of another type than Terraform's client asks for first, record it: npx baremetal-lb trust. Otherwise somebody else answers at this address",
  );
}
