import { Client, type ClientChannel, type ConnectConfig } from "ssh2";
import type { SshConfig } from "../config/schema/cluster";
import type { SshCredentials } from "./credentials";
import { type HostKey, hostKeyOf, parseHostKey, terraformHostKeyOrder } from "./host-key";
import { SshError } from "./ssh-error";

/** A host to log in to, under the name that messages give it. */
export interface SshHost {
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Type and base64 text; whoever answers is trusted without it. */
  readonly hostKey?: string;
}

/** How a command ended. */
export interface RemoteResult {
  /** The exit code; 255 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Bound of a handshake, in seconds: a node that is off must not hold up the others. */
export const connectSeconds = 10;

/** A session with one node, through the bastion where there is one. */
export class SshConnection {
  private constructor(
    private readonly host: SshHost,
    private readonly client: Client,
    private readonly bastion: Client | undefined,
  ) {}

  /** @throws SshError that names the node and says how to mend it. */
  static async open(
    node: { readonly name: string; readonly address: string; readonly hostKey?: string },
    ssh: SshConfig,
    credentials: SshCredentials,
  ): Promise<SshConnection> {
    const { user, port, bastion } = ssh;
    const host = { name: node.name, address: node.address, hostKey: node.hostKey, port, user };
    if (bastion === undefined) return new SshConnection(host, await connect(host, credentials), undefined);
    const first = await connect(
      {
        name: "the bastion",
        address: bastion.host,
        port: bastion.port,
        user: bastion.user ?? user,
        hostKey: bastion.hostKey,
      },
      credentials,
    );
    try {
      const sock = await forward(first, host);
      return new SshConnection(host, await connect(host, credentials, { sock }), first);
    } catch (error) {
      first.end();
      throw error;
    }
  }

  /** Runs a command through the user's shell there. */
  run(command: string, timeoutSeconds: number): Promise<RemoteResult> {
    const { client, host } = this;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        client.destroy();
        reject(
          new SshError(`${where(host)}: a command did not end within ${timeoutSeconds} s, the connection was closed`),
        );
      }, timeoutSeconds * 1000);
      const lost = () => {
        clearTimeout(timer);
        reject(new SshError(`${where(host)}: the connection was lost while a command ran`));
      };
      client.once("close", lost);
      client.exec(command, (error, channel: ClientChannel) => {
        if (error) {
          clearTimeout(timer);
          client.off("close", lost);
          reject(new SshError(`${where(host)}: cannot run a command: ${error.message}`));
          return;
        }
        let [stdout, stderr] = ["", ""];
        let code = 255;
        channel.setEncoding("utf8").on("data", (text: string) => (stdout += text));
        channel.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
        channel.on("exit", (status: number | null) => (code = status ?? 255));
        channel.on("close", () => {
          clearTimeout(timer);
          client.off("close", lost);
          resolve({ code, stdout, stderr });
        });
      });
    });
  }

  close(): void {
    this.client.end();
    this.bastion?.end();
  }
}

/** The host key that a host offers to Terraform's client. Nothing is proven: the connection ends before any login. */
export async function offeredHostKey(host: SshHost, options: Pick<ConnectConfig, "sock"> = {}): Promise<HostKey> {
  let offered: HostKey | undefined;
  const client = new Client();
  try {
    await handshake(client, host, {
      ...options,
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
  if (offered === undefined) throw new SshError(`${where(host)} offered no host key`);
  return offered;
}

async function connect(
  host: SshHost,
  credentials: SshCredentials,
  options: Pick<ConnectConfig, "sock"> = {},
): Promise<Client> {
  const client = new Client();
  let refused: HostKey | undefined;
  try {
    await handshake(client, host, {
      ...credentials,
      ...options,
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

function handshake(client: Client, host: SshHost, options: ConnectConfig): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not only the first: an error after it must not end the process.
    client.on("error", (error: Error & { level?: string; code?: string }) => reject(inWords(host, error)));
    client.once("ready", resolve);
    client.once("close", () => reject(new SshError(`${where(host)} closed the connection`)));
    try {
      client.connect({
        host: host.address,
        port: host.port,
        username: host.user,
        readyTimeout: connectSeconds * 1000,
        algorithms: { serverHostKey: [...terraformHostKeyOrder] },
        ...options,
      });
    } catch (error) {
      // ssh2 reads the private key here. Its message never has the key.
      const reason = error instanceof Error ? error.message : String(error);
      reject(new SshError(`the SSH private key cannot be used: ${reason}`));
    }
  });
}

function forward(bastion: Client, host: SshHost): Promise<ClientChannel> {
  return new Promise((resolve, reject) =>
    bastion.forwardOut("127.0.0.1", 0, host.address, host.port, (error, channel) =>
      error
        ? reject(new SshError(`${where(host)} cannot be reached from the bastion: ${error.message}`))
        : resolve(channel),
    ),
  );
}

const where = ({ name, address, port }: SshHost) => `${name} (${address}, port ${port})`;

function inWords(host: SshHost, error: Error & { readonly level?: string; readonly code?: string }): SshError {
  if (error.level === "client-authentication") {
    return new SshError(
      `${where(host)} refuses user ${host.user} with this key: add its public key to the user's authorized_keys there, or correct ssh.user`,
    );
  }
  if (error.level === "client-timeout") {
    return new SshError(
      `${where(host)} did not answer within ${connectSeconds} s: see whether the node is up and the address is right`,
    );
  }
  const reason =
    error.code === "ECONNREFUSED"
      ? "refuses connections: see whether sshd runs there, and on that port"
      : `cannot be reached: ${error.message}`;
  return new SshError(`${where(host)} ${reason}`);
}

function otherHostKey(host: SshHost, offered: HostKey, pinned: HostKey): SshError {
  return new SshError(
    `${where(host)} offers another host key than cluster.yaml has: ${offered.type} ${offered.fingerprint} instead of ${pinned.type} ${pinned.fingerprint}. ` +
      "If the machine was installed anew, or the key is of another type than Terraform's client asks for first, record it: npx baremetal-lb trust. Otherwise somebody else answers at this address",
  );
}
