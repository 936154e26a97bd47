import type { Client, ClientChannel } from "ssh2";
import type { SshConfig } from "../../stacks/shared/schema/ssh";
import type { SshCredentials } from "./credentials";
import { connectSeconds, logIn, type SshHost, where } from "./handshake";
import { UserError } from "../../values/user-error";

/** The bastion as a host; undefined where there is none. */
export function bastionHost({ user, bastion }: SshConfig): SshHost | undefined {
  if (bastion === undefined) return undefined;
  const { host: address, port, hostKey } = bastion;
  return { name: "the bastion", address, port, user: bastion.user ?? user, hostKey };
}

/**
 * A login on the bastion, through which any number of nodes is reached: sshd turns away logins that come in a crowd
 * (MaxStartups), but not channels.
 */
export class Bastion {
  private constructor(private readonly client: Client) {}

  /** Undefined where there is none. @throws UserError that says how to mend it. */
  static async open(ssh: SshConfig, credentials: SshCredentials): Promise<Bastion | undefined> {
    const host = bastionHost(ssh);
    return host === undefined ? undefined : new Bastion(await logIn(host, credentials));
  }

  /** A connection from the bastion to a node's sshd. @throws UserError that names the node. */
  forward(host: SshHost, seconds = connectSeconds): Promise<ClientChannel> {
    return new Promise((resolve, reject) => {
      const refuse = (reason: string) => reject(new UserError(`${where(host)} ${reason}`));
      let late = false;
      // The bastion's own wait for an address where nobody is takes minutes.
      const timer = setTimeout(() => {
        late = true;
        refuse(`cannot be reached from the bastion within ${seconds} s: see whether the node is up`);
      }, seconds * 1000);
      this.client.forwardOut("127.0.0.1", 0, host.address, host.port, (error, channel) => {
        clearTimeout(timer);
        if (error) refuse(`cannot be reached from the bastion: ${error.message}`);
        else if (late) channel.destroy();
        else resolve(channel);
      });
    });
  }

  close(): void {
    this.client.end();
  }
}
