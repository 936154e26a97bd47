import type { Client, ClientChannel } from "ssh2";
import type { SshConfig } from "../../stacks/shared/schema/ssh";
import { Bastion } from "./bastion";
import type { SshCredentials } from "./credentials";
import { logIn, type SshHost, where } from "./handshake";
import { UserError } from "../../values/user-error";

/** How a command ended. */
export interface RemoteResult {
  /** The exit code; 255 where a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A session with one node, through the bastion where there is one. */
export class SshConnection {
  private constructor(
    private readonly host: SshHost,
    private readonly client: Client,
    private readonly ownBastion: Bastion | undefined,
  ) {}

  /**
   * @param shared is a login on the bastion that stays open afterwards; without it the session makes one of its own.
   * @throws UserError that names the node and says how to mend it.
   */
  static async open(
    node: { readonly name: string; readonly address: string; readonly hostKey?: string },
    ssh: SshConfig,
    credentials: SshCredentials,
    shared?: Bastion,
  ): Promise<SshConnection> {
    const { user, port } = ssh;
    const host = { name: node.name, address: node.address, hostKey: node.hostKey, port, user };
    const own = shared === undefined ? await Bastion.open(ssh, credentials) : undefined;
    try {
      const sock = await (shared ?? own)?.forward(host);
      return new SshConnection(host, await logIn(host, credentials, { sock }), own);
    } catch (error) {
      own?.close();
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
          new UserError(`${where(host)}: a command did not end within ${timeoutSeconds} s, the connection was closed`),
        );
      }, timeoutSeconds * 1000);
      const lost = () => {
        clearTimeout(timer);
        reject(new UserError(`${where(host)}: the connection was lost while a command ran`));
      };
      client.once("close", lost);
      client.exec(command, (error, channel: ClientChannel) => {
        if (error) {
          clearTimeout(timer);
          client.off("close", lost);
          reject(new UserError(`${where(host)}: cannot run a command: ${error.message}`));
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
    this.ownBastion?.close();
  }
}
